import {
  completeSignIn,
  main,
  page,
  pageScript,
  provider,
  relyingParty,
  resourceServer,
  type Source,
  tokenManagement,
} from './diagram-sources.ts'

/** A request, and what sends it. */
export interface Sending extends Source {
  readonly request: string
  /** The apps that it sends it for, where others do it in another way. */
  readonly from?: readonly string[]
  /** The scenario whose page, in the browser, does it. */
  readonly page?: string
  /** What the request has to say. */
  readonly says?: string
  /** What the sender has to be asked itself at that time. */
  readonly during?: string
  /** By `fetch` in a script of the page: the browser goes nowhere. */
  readonly isFetch?: true
  /** What reads the answer, where that is not what has asked. */
  readonly answerReadBy?: Source
}

const discovery = 'GET /.well-known/openid-configuration'
const jwks = 'GET /.well-known/openid-configuration/jwks'
const spa = 'spa-implicit'
const consolePrograms = ['client-credentials', 'jwt-client-authentication', 'introspection']
const tokensOfUsers = ['mvc-token-management', 'mvc-jar-jwt', 'mvc-par']

const byForm = relyingParty(
  'authorization-response/code-id-token-by-form-post.ts',
  'codeIdTokenByFormPost',
)
const renewal = { request: 'POST /connect/token', says: 'grant_type=refresh_token' }
const validateIdToken = pageScript('id-token.js', 'validateIdToken')

/** What sends a request that no redirect has caused: the first that fits. */
export const sentBy: readonly Sending[] = [
  // The page of spa-implicit
  { request: discovery, page: spa, isFetch: true, ...pageScript('discovery.js', 'discover') },
  {
    request: 'GET /connect/authorize',
    page: spa,
    says: 'response_type=id_token token',
    ...pageScript('implicit.js', 'signIn'),
  },
  { request: 'GET /connect/authorize', page: spa, ...pageScript('code.js', 'signIn') },
  {
    request: 'POST /connect/token',
    page: spa,
    isFetch: true,
    answerReadBy: validateIdToken,
    ...pageScript('tokens.js', 'requestTokens'),
  },
  { request: jwks, page: spa, isFetch: true, ...validateIdToken },
  {
    request: 'GET /connect/checksession',
    page: spa,
    ...pageScript('session-monitor.js', 'monitorSession'),
  },
  {
    request: 'GET /identity',
    page: spa,
    isFetch: true,
    ...pageScript('protected-resource.js', 'callApi'),
  },

  // The pages of the token service: what their forms, links and frames lead to
  { request: 'POST /account/login', ...page('login.ts', 'loginPage') },
  { request: 'POST /account/logout', ...page('logout.ts', 'logoutPage') },
  {
    request: 'POST /signin-oidc',
    ...provider('authorization-response/form-post.ts', 'formPostPage'),
  },
  { request: 'GET /connect/endsession/callback', ...page('logged-out.ts', 'loggedOutPage') },
  { request: 'GET /signout-callback-oidc', ...page('logged-out.ts', 'loggedOutPage') },
  {
    request: 'GET /signout-oidc',
    ...provider('endpoints/end-session-callback.ts', 'endSessionCallback'),
  },

  // Console programs and the worker
  ...consolePrograms.flatMap((app) =>
    [discovery, 'POST /connect/token', 'GET /identity'].map((request) => ({
      request,
      from: [app],
      ...main(app),
    })),
  ),
  ...[discovery, 'POST /connect/token'].map((request) => ({
    request,
    from: ['worker-token-management'],
    ...tokenManagement('client-credentials/token-endpoint.ts', 'tokenEndpoint'),
  })),

  // Web applications
  ...[jwks, 'POST /connect/token'].map((request) => ({
    request,
    from: ['mvc-hybrid'],
    during: 'POST /signin-oidc',
    ...byForm,
  })),
  { request: 'POST /connect/token', says: 'grant_type=authorization_code', ...completeSignIn },
  { request: jwks, during: 'GET /signin-oidc', ...completeSignIn },
  {
    request: jwks,
    during: 'POST /backchannel-logout',
    ...relyingParty('back-channel-logout/provider-keys.ts', 'providerKeys'),
  },
  {
    ...renewal,
    from: ['mvc-basic'],
    answerReadBy: relyingParty('tokens/tokens.ts', 'createRefreshedTokens'),
    ...main('mvc-basic'),
  },
  {
    ...renewal,
    from: tokensOfUsers,
    ...tokenManagement('user/refresh-session.ts', 'refreshSession'),
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
    request: 'POST /connect/revocation',
    from: ['mvc-back-channel-logout'],
    ...relyingParty('sign-out/discard-tokens.ts', 'discardTokens'),
  },
  ...['mvc-basic', 'mvc-hybrid'].map((app) => ({
    request: 'GET /identity',
    from: [app],
    ...main(app),
  })),
  {
    request: 'GET /identity',
    from: [...tokensOfUsers, 'worker-token-management'],
    ...tokenManagement('fetch-with-token.ts', 'fetchWithToken'),
  },

  // APIs
  ...['simple-api', 'resource-api'].map((app) => ({
    request: discovery,
    from: [app],
    ...resourceServer('issuer-metadata.ts', 'issuerMetadata'),
  })),
  { request: jwks, from: ['simple-api'], ...resourceServer('issuer-keys.ts', 'issuerKeys') },
  {
    request: 'POST /connect/introspect',
    ...resourceServer('introspection.ts', 'introspectionValidation'),
  },

  // The token service, and what remains: web applications that ask it who it is
  {
    request: 'POST /backchannel-logout',
    ...provider('sessions/post-logout-token.ts', 'postLogoutToken'),
  },
  { request: discovery, ...relyingParty('provider/discovered-provider.ts', 'discoveredProvider') },
]

/** Pages of the token service that its users open by themselves. */
export const openedByUsers = ['GET /account/logout']
