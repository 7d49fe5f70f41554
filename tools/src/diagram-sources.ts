import {
  pageScript,
  provider,
  relyingParty,
  resourceServer,
  type Source,
  servicePage,
} from './source.ts'

export const completeSignIn = relyingParty('sign-in/complete-sign-in.ts', 'completeSignIn')

/** What checks a request, by the request. What is not here has to be a page of the scenario's `main.ts`. */
export const checkedBy: Readonly<Record<string, Source>> = {
  'GET /.well-known/openid-configuration': provider('endpoints/discovery.ts', 'discoveryEndpoint'),
  'GET /.well-known/openid-configuration/jwks': provider('endpoints/jwks.ts', 'jwksEndpoint'),
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
  'GET /connect/checksession': provider('endpoints/check-session.ts', 'checkSessionEndpoint'),
  'GET /account/login': servicePage('login.ts', 'loginPage'),
  'POST /account/login': servicePage('login.ts', 'loginPage'),
  'GET /account/logout': servicePage('logout.ts', 'logoutPage'),
  'POST /account/logout': servicePage('logout.ts', 'logoutPage'),
  'GET /account/logged-out': servicePage('logged-out.ts', 'loggedOutPage'),
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

/** What checks the address that a redirect has led to, where the page does that and not its server. */
export const checksInPage: Readonly<Record<string, Source>> = {
  'GET /implicit': pageScript('authorization-response.js', 'validateAuthorizationResponse'),
  'GET /code': pageScript('authorization-response.js', 'validateAuthorizationResponse'),
}

/** What answers, where that is not what checks: by what it says. */
export interface Answering extends Source {
  readonly request?: string
  /** What the answer has to say. */
  readonly says: string
}

const issueAuthorizationResponse = provider(
  'authorization-response/issue-authorization-response.ts',
  'issueAuthorizationResponse',
)

/** What gives an answer: the first that fits. */
export const answeredBy: readonly Answering[] = [
  // Whatever page was asked for, when nobody is signed in. The token service itself redirects with 303.
  {
    says: '302 to {identity-server}/connect/authorize?',
    ...relyingParty('sign-in/begin-sign-in.ts', 'beginSignIn'),
  },
  ...['GET /connect/authorize', 'GET /connect/authorize/callback'].flatMap((request) =>
    // With a code, with tokens, and in a form.
    ['?code=', '#access_token=', '200, a page'].map((says) => ({
      request,
      says,
      ...issueAuthorizationResponse,
    })),
  ),
  {
    request: 'POST /connect/token',
    says: 'access_token=',
    ...provider('tokens/issue-tokens.ts', 'issueTokens'),
  },
  {
    says: '302 to {identity-server}/connect/endsession?',
    ...relyingParty('sign-out/begin-sign-out.ts', 'beginSignOut'),
  },
  {
    request: 'POST /backchannel-logout',
    says: '200',
    ...relyingParty('back-channel-logout/back-channel-logout.ts', 'backChannelLogout'),
  },
]
