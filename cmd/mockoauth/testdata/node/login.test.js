// Logging in with openid-client, against a provider that does as the test says.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import * as oidc from 'openid-client'
import { tenant } from './mockoauth.js'

const callback = 'http://localhost:3000/callback'

// app is a web application: a client of its own at a tenant of its own.
async function app(t, spec) {
  const idp = await tenant(t, spec)
  const client = await idp.client({ redirect_uris: [callback], scopes: ['openid', 'email', 'offline_access', 'read'] })
  const config = await oidc.discovery(new URL(idp.issuer), client.id, client.secret, undefined, { execute: [oidc.allowInsecureRequests] })
  return { idp, client, config }
}

// signIn goes through the browser's part, and ends where the application's callback begins.
async function signIn(config, more = {}) {
  const verifier = oidc.randomPKCECodeVerifier()
  const state = oidc.randomState()
  const nonce = oidc.randomNonce()
  const url = oidc.buildAuthorizationUrl(config, {
    redirect_uri: callback, scope: 'openid email offline_access', state, nonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256', ...more,
  })
  const response = await fetch(url, { redirect: 'manual' })
  assert.ok(response.headers.has('location'), `the provider shows a page: ${response.status}`)
  const back = new URL(response.headers.get('location'))
  return oidc.authorizationCodeGrant(config, back, { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true })
}

describe('logging in', { concurrency: true }, () => {
  test('as the first user, without a page', async t => {
    const { idp, config } = await app(t, { login: 'auto' })
    const tokens = await signIn(config)
    const subject = tokens.claims().sub
    const info = await oidc.fetchUserInfo(config, tokens.access_token, subject)
    assert.equal(info.email, 'apitester@example.com')
    assert.equal(subject, idp.fixtures.users[0].subject)
  })

  test('as a user whom the test has made', async t => {
    const { idp, config } = await app(t)
    const dave = await idp.user({ username: 'dave', password: 'd', claims: { email: 'dave@example.com' } })
    await idp.login('dave')
    const tokens = await signIn(config)
    assert.equal(tokens.claims().sub, dave.subject)
  })

  test('is denied', async t => {
    const { idp, config } = await app(t, { login: 'auto' })
    await idp.deny()
    await assert.rejects(signIn(config), { error: 'access_denied' })
    await signIn(config) // the next one is not
  })

  test('finds a broken signature, and a nonce that is not its own', async t => {
    const { idp, config } = await app(t, { login: 'auto' })
    oidc.enableNonRepudiationChecks(config) // or it trusts what comes by TLS
    for (const name of ['tampered_signature', 'wrong_nonce']) {
      await idp.fault({ name, times: 1 })
      await assert.rejects(signIn(config), { name: 'ClientError' }, name)
    }
    await signIn(config)
  })

  test('goes on while the keys rotate', async t => {
    const { idp, config } = await app(t, { login: 'auto' })
    oidc.enableNonRepudiationChecks(config)
    await idp.call('POST', '/keys', { publish: true }) // openid-client gets a key set once in five minutes
    const tokens = await signIn(config)
    const [key] = await idp.rotate()
    const refreshed = await oidc.refreshTokenGrant(config, tokens.refresh_token)
    const header = JSON.parse(Buffer.from(refreshed.id_token.split('.')[0], 'base64url'))
    assert.equal(header.kid, key.kid)
  })

  test('finds that a refresh turns the user into another', async t => {
    const { idp, config } = await app(t, { login: 'auto' })
    const tokens = await signIn(config)
    await idp.login('alice', { on: 'refresh' })
    const refreshed = await oidc.refreshTokenGrant(config, tokens.refresh_token)
    assert.notEqual(refreshed.claims().sub, tokens.claims().sub) // OpenID Connect Core §12.2: the application has to look
  })
})
