// oauth2-mock-server as it comes: any client, any secret, any user, any redirect URI.
import { OAuth2Server } from 'oauth2-mock-server';

const server = new OAuth2Server();
await server.issuer.keys.generate('RS256');
await server.start(Number(process.env.PORT), 'localhost');
console.log(`listening at ${server.issuer.url}`);
