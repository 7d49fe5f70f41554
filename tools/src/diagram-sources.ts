/** A function of the repository: its file, and its name in there. */
export interface Source {
  readonly file: string
  readonly name: string
}

/** A request that a function sends. */
interface Sending extends Source {
  readonly request: string
  /** The app that it sends it for, where another has a function of its own. */
  readonly from?: string
  /** What the request has to say. */
  readonly says?: string
}

const completeSignIn = relyingParty('sign-in/complete-sign-in.ts', 'completeSignIn')

/** Which function sends a request: the first that fits. What a `main.ts` sends by itself stands in there. */
export const sentBy: readonly Sending[] = [
  {
    request: 'POST /connect/token',
    from: 'browser',
    file: 'apps/spa-implicit/src/browser/tokens.js',
    name: 'requestTokens',
  },
  {
    request: 'GET /identity',
    from: 'browser',
    file: 'apps/spa-implicit/src/browser/protected-resource.js',
    name: 'callApi',
  },
  {
    request: 'POST /connect/token',
    says: 'grant_type=authorization_code',
    ...completeSignIn,
  },
  {
    request: 'POST /connect/token',
    from: 'mvc-token-management',
    ...tokenManagement('user/refresh-session.ts', 'refreshSession'),
  },
  {
    request: 'POST /connect/token',
    from: 'worker-token-management',
    ...tokenManagement('client-credentials/token-endpoint.ts', 'tokenEndpoint'),
  },
  {
    request: 'POST /connect/par',
    ...relyingParty(
      'authorization-request/pushed-authorization-request.ts',
      'pushedAuthorizationRequest',
    ),
  },
  {
    request: 'GET /connect/userinfo',
    ...relyingParty('sign-in/user-claims.ts', 'readUserClaims'),
  },
  {
    request: 'POST /connect/introspect',
    ...resourceServer('introspection.ts', 'introspectionValidation'),
  },
  {
    request: 'POST /backchannel-logout',
    ...provider('sessions/post-logout-token.ts', 'postLogoutToken'),
  },
  {
    request: 'POST /connect/revocation',
    from: 'mvc-back-channel-logout',
    ...relyingParty('sign-out/discard-tokens.ts', 'discardTokens'),
  },
]

/** Which function checks a request, by the request: when a step is about one of these, a note says so. */
export const checkedBy: Readonly<Record<string, Source>> = {
  'GET /connect/authorize': provider('endpoints/authorize.ts', 'authorizeEndpoint'),
  'GET /connect/authorize/callback': provider('endpoints/authorize.ts', 'authorizeCallback'),
  'POST /connect/par': provider('endpoints/pushed-authorization.ts', 'pushedAuthorizationEndpoint'),
  'POST /connect/token': provider('endpoints/token.ts', 'tokenEndpoint'),
  'POST /connect/introspect': provider('endpoints/introspection.ts', 'introspectionEndpoint'),
  'GET /connect/userinfo': provider('endpoints/userinfo.ts', 'userinfoEndpoint'),
  'POST /connect/revocation': provider('endpoints/revocation.ts', 'revocationEndpoint'),
  'GET /connect/endsession': provider('endpoints/end-session.ts', 'endSessionEndpoint'),
  'GET /connect/endsession/callback': provider(
    'endpoints/end-session-callback.ts',
    'endSessionCallback',
  ),
  'POST /account/login': page('login.ts', 'loginPage'),
  'POST /account/logout': page('logout.ts', 'logoutPage'),
  'GET /signin-oidc': completeSignIn,
  'POST /signin-oidc': completeSignIn,
  'GET /signout-callback-oidc': relyingParty('sign-out/complete-sign-out.ts', 'completeSignOut'),
  'GET /signout-oidc': relyingParty('sign-out/front-channel-logout.ts', 'frontChannelLogout'),
  'POST /backchannel-logout': relyingParty(
    'back-channel-logout/logout-token.ts',
    'validateLogoutToken',
  ),
  'GET /identity': resourceServer('resource-server.ts', 'resourceServer'),
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
  'GET /account/logged-out': page('logged-out.ts', 'loggedOutPage'),
  'GET /logout': relyingParty('sign-out/begin-sign-out.ts', 'beginSignOut'),
}

/** What answers whatever page was asked for, when nobody is signed in: on the way to the token service. */
export const beginsSignIn = relyingParty('sign-in/begin-sign-in.ts', 'beginSignIn')

function provider(path: string, name: string): Source {
  return { file: `libs/openid-provider/src/${path}`, name }
}

function relyingParty(path: string, name: string): Source {
  return { file: `libs/relying-party/src/${path}`, name }
}

function tokenManagement(path: string, name: string): Source {
  return { file: `libs/token-management/src/${path}`, name }
}

function resourceServer(path: string, name: string): Source {
  return { file: `libs/resource-server/src/${path}`, name }
}

function page(path: string, name: string): Source {
  return { file: `apps/identity-server/src/pages/${path}`, name }
}
