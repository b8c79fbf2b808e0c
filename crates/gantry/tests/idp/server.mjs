// A certified OpenID Connect provider on a free loopback port, for crates/gantry/tests/v2/auth_providers/needs_oidc.rs.
//
// One argument, JSON: the client (`client_id`, `client_secret`, `redirect_uri`), the accounts (id -> claims) and `in_id_token`, which
// says whether e-mail and name stand in the id token or in the profile alone. It prints `issuer URL` when it answers.
// The pages on which people sign in and agree are JSON here: GET /interaction/:uid says what is asked, POST answers it.

import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';

import Provider from 'oidc-provider';

const options = JSON.parse(process.argv[2]);
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

const configuration = {
  clients: [{
    client_id: options.client_id,
    client_secret: options.client_secret,
    redirect_uris: [options.redirect_uri],
    grant_types: ['authorization_code'],
    response_types: ['code'],
    id_token_signed_response_alg: 'RS256',
  }],
  jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256', kid: 'real-1' }] },
  cookies: { keys: [randomBytes(32).toString('hex')] },
  pkce: { methods: ['S256'], required: () => true },
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
  conformIdTokenClaims: !options.in_id_token,
  features: { devInteractions: { enabled: false } },
  interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (_context, id) => {
    const claims = options.accounts[id];
    return claims && { accountId: id, claims: () => ({ sub: id, ...claims }) };
  },
};

/** What a person who is asked for consent agrees to: all that is missing. */
async function agreed(provider, { params, session, grantId, prompt: { details } }) {
  const grant = (grantId && await provider.Grant.find(grantId))
    ?? new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
  if (details.missingOIDCScope) grant.addOIDCScope(details.missingOIDCScope.join(' '));
  if (details.missingOIDCClaims) grant.addOIDCClaims(details.missingOIDCClaims);
  return { consent: { grantId: await grant.save() } };
}

async function form(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
}

async function interact(provider, request, response) {
  const interaction = await provider.interactionDetails(request, response);
  if (request.method !== 'POST') {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ prompt: interaction.prompt.name }));
    return;
  }
  const given = await form(request);
  const result = interaction.prompt.name === 'login'
    ? { login: { accountId: given.get('account') } }
    : await agreed(provider, interaction);
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
}

const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, configuration);
  provider.on('server_error', (_context, error) => console.error(error));
  const own = provider.callback();
  server.on('request', (request, response) => {
    if (!request.url.startsWith('/interaction/')) {
      own(request, response);
      return;
    }
    interact(provider, request, response).catch((error) => {
      response.statusCode = error.statusCode ?? 500;
      response.end(String(error));
    });
  });
  console.log(`issuer ${issuer}`);
});
