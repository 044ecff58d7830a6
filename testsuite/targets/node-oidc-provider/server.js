// node-oidc-provider with what it has switched on, its own development pages for
// login and consent, and a client for each role that it can have.
// ACCESS_TOKENS=jwt makes the API's access tokens JWTs, which it can neither
// introspect nor revoke; they are opaque otherwise.
import { createHash, generateKeyPairSync } from 'node:crypto';

import Provider, { errors } from 'oidc-provider';

const port = Number(process.env.PORT);
const apis = ['https://api.example.com', 'https://files.example.com'];

const users = {
  alice: {
    name: 'Alice Liddell', given_name: 'Alice', family_name: 'Liddell', nickname: 'Al', preferred_username: 'alice',
    website: 'https://alice.example/', gender: 'female', birthdate: '1852-05-04', zoneinfo: 'Europe/London', locale: 'en-GB',
    updated_at: 1700000000, email: 'alice@example.com', email_verified: true,
    phone_number: '+44 20 7946 0000', phone_number_verified: true,
    address: { formatted: '1 Christ Church\nOxford OX1 1DP\nUK', locality: 'Oxford', postal_code: 'OX1 1DP', country: 'UK' },
  },
};

function client(id, more = {}) {
  return {
    client_id: id,
    client_secret: `secret-of-${id}`,
    token_endpoint_auth_method: 'client_secret_basic',
    redirect_uris: [`https://${id}.example/callback`],
    post_logout_redirect_uris: [`https://${id}.example/bye`],
    grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
    response_types: ['code'],
    ...more,
  };
}

const isPublic = { client_secret: undefined, token_endpoint_auth_method: 'none', grant_types: ['authorization_code', 'refresh_token'] };

const signs = (more, key) => ({ client_secret: undefined, token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [key] }, ...more });

const clients = [
  client('main', {
    grant_types: ['authorization_code', 'refresh_token', 'client_credentials', 'implicit'],
    response_types: ['code', 'id_token', 'id_token token', 'code id_token', 'code token', 'code id_token token'],
  }),
  client('other'),
  client('public', isPublic),
  client('post-only', { token_endpoint_auth_method: 'client_secret_post' }),
  client('odd id', { client_secret: 'p%40:ss+w rd/', redirect_uris: ['https://oddly-named.example/callback'], post_logout_redirect_uris: [] }),
  client('machine-only', { grant_types: ['client_credentials'], response_types: [] }),
  client('expired', { client_secret_expires_at: Math.floor(Date.now() / 1000) - 3600 }),
  client('short-lived'),
  client('two-redirects', { redirect_uris: ['https://two-redirects.example/callback', 'https://two-redirects.example/other'] }),
  client('query-redirect', { redirect_uris: ['https://query-redirect.example/callback?x=1'] }),
  client('native', { ...isPublic, application_type: 'native', redirect_uris: ['http://127.0.0.1/cb', 'http://[::1]/cb', 'http://localhost/cb'] }),
  client('tls-loopback', { redirect_uris: ['https://127.0.0.1/cb'] }),
  client('pairwise-a', { subject_type: 'pairwise' }),
  client('pairwise-b', { subject_type: 'pairwise' }),
  client('signs-userinfo', { userinfo_signed_response_alg: 'RS256' }),
  client('signer', signs({ token_endpoint_auth_signing_alg: 'PS256' }, { kty: 'RSA', n: 'lvaxOd-wSWigt2SzykfWzpux3WLQAwutas2Cv02a36z9Y5Br8hzFDqaVwl7OQyvEQjWNVHf_yd03BzVRGjK2dby-Jj1NZsIV-w2ZKvJ_tJIWQXv-hpOCvQJxIGyrfs98nFxVlaFVq6moEdwkyW-pRkEJYw63DASk0J9PKPa2tEj18bMHVVSV9U_LyY2d_ozknUb2mEFKGEg56LL3M-o6OJTxL1MgEWqgxqM4aZh_dnOrpjDqpTs34trVYOYN8shi0TzOdJxCy9tBuQn82W1iXCrbXIoWPUunoYeOHETjs7SQ0ktQGK3DmarDsU1TO3za1NvUfgnMrELHthssmEQi-w', e: 'AQAB', kid: 'signer', use: 'sig' })),
  client('other-signer', signs({}, { kty: 'EC', x: 'ezZcbRhLRsdB-VmWB8VH3FD6NhYxSmx_gpJRmc8ANiE', y: 'tH3CT2zWlq8et1I3rhWRondHTcwjMSNNCzdkfQC6XJ8', crv: 'P-256', kid: 'other-signer' })),
  client('strong-id-token', { id_token_signed_response_alg: 'ES384' }),
];

const lifespan = (_ctx, token) => (token.client?.clientId ?? token.clientId) === 'short-lived' ? 3 : 3600;

const provider = new Provider(`http://localhost:${port}`, {
  clients,
  findAccount: (_ctx, id) => ({ accountId: id, claims: () => ({ sub: id, ...users[id] }) }),
  claims: {
    address: ['address'],
    email: ['email', 'email_verified'],
    phone: ['phone_number', 'phone_number_verified'],
    profile: ['birthdate', 'family_name', 'gender', 'given_name', 'locale', 'name', 'nickname', 'preferred_username', 'updated_at', 'website', 'zoneinfo'],
  },
  scopes: ['openid', 'offline_access', 'read', 'write'],
  responseTypes: ['code', 'id_token', 'id_token token', 'code id_token', 'code token', 'code id_token token'],
  subjectTypes: ['public', 'pairwise'],
  pairwiseIdentifier: (_ctx, id, c) => createHash('sha256').update(`${c.sectorIdentifier} ${id}`).digest('hex'),
  clientBasedCORS: () => true,
  cookies: { keys: ['not a secret'], long: { sameSite: 'none' } },
  enableHttpPostMethods: true,
  rotateRefreshToken: true,
  enabledJWA: {
    idTokenSigningAlgValues: ['RS256', 'ES384'],
    userinfoSigningAlgValues: ['RS256', 'ES384'],
  },
  jwks: {
    keys: [
      { ...generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256' },
      { ...generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'ES384' },
    ],
  },
  ttl: { AccessToken: lifespan, ClientCredentials: lifespan, AuthorizationCode: 60, IdToken: 3600, RefreshToken: 86400, Session: 86400, Grant: 86400, Interaction: 3600 },
  features: {
    devInteractions: { enabled: true },
    claimsParameter: { enabled: true },
    clientCredentials: { enabled: true },
    introspection: { enabled: true },
    revocation: { enabled: true },
    jwtUserinfo: { enabled: true },
    registration: { enabled: false },
    rpInitiatedLogout: { enabled: true },
    userinfo: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => apis[0],
      getResourceServerInfo(_ctx, resource) {
        if (!apis.includes(resource)) throw new errors.InvalidTarget();
        return { scope: 'read write', audience: resource, accessTokenTTL: undefined, accessTokenFormat: process.env.ACCESS_TOKENS === 'jwt' ? 'jwt' : 'opaque' };
      },
    },
  },
});

provider.listen(port, 'localhost', () => console.log(`listening at ${provider.issuer}`));
