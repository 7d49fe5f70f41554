/** A function of the repository: its file, and its name in there. */
export interface Source {
  readonly file: string
  readonly name: string
}

/** Which function checks a request, by the request: when a step is about one of these, a note says so. */
export const checkedBy: Readonly<Record<string, Source>> = {
  'GET /connect/authorize': provider('endpoints/authorize.ts', 'authorizeEndpoint'),
  'GET /connect/authorize/callback': provider('endpoints/authorize.ts', 'authorizeCallback'),
  'POST /connect/par': provider('endpoints/pushed-authorization.ts', 'pushedAuthorizationEndpoint'),
  'POST /connect/token': provider('endpoints/token.ts', 'tokenEndpoint'),
  'POST /connect/introspect': provider('endpoints/introspection.ts', 'introspectionEndpoint'),
  'GET /connect/userinfo': provider('endpoints/userinfo.ts', 'userinfoEndpoint'),
  'POST /account/login': { file: 'apps/identity-server/src/pages/login.ts', name: 'loginPage' },
  'GET /signin-oidc': {
    file: 'libs/relying-party/src/sign-in/complete-sign-in.ts',
    name: 'completeSignIn',
  },
  'GET /identity': { file: 'libs/resource-server/src/resource-server.ts', name: 'resourceServer' },
}

/** Which function answers, where that is not the one that checks. */
export const answeredBy: Readonly<Record<string, Source>> = {
  'GET /.well-known/openid-configuration': provider('endpoints/discovery.ts', 'discoveryEndpoint'),
  'GET /.well-known/openid-configuration/jwks': provider('endpoints/jwks.ts', 'jwksEndpoint'),
  'POST /connect/token': provider('tokens/issue-tokens.ts', 'issueTokens'),
  'GET /connect/authorize/callback': provider(
    'authorization-response/issue-authorization-response.ts',
    'issueAuthorizationResponse',
  ),
  // Nobody is signed in: on the way to the token service.
  'GET /call-api': {
    file: 'libs/relying-party/src/sign-in/begin-sign-in.ts',
    name: 'beginSignIn',
  },
}

function provider(path: string, name: string): Source {
  return { file: `libs/openid-provider/src/${path}`, name }
}
