import { sentByPages } from './diagram-page-senders.ts'
import { completeSignIn } from './diagram-sources.ts'
import {
  main,
  provider,
  relyingParty,
  resourceServer,
  type Source,
  tokenManagement,
} from './source.ts'

/** A request, and what sends it. */
export interface Sending extends Source {
  readonly request: string
  /** The apps that it sends it for, where others do it in another way. */
  readonly from?: readonly string[]
  /** The scenario whose page, in the browser, does it. */
  readonly onPageOf?: string
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
const consolePrograms = ['client-credentials', 'jwt-client-authentication', 'introspection']
/** The applications that keep the tokens of their users fresh. */
export const tokensOfUsers = ['mvc-token-management', 'mvc-jar-jwt', 'mvc-par']

const byForm = relyingParty(
  'authorization-response/code-id-token-by-form-post.ts',
  'codeIdTokenByFormPost',
)
const renewal = { request: 'POST /connect/token', says: 'grant_type=refresh_token' }

/** What sends a request that no redirect has caused: the first that fits. */
export const sentBy: readonly Sending[] = [
  ...sentByPages,

  // Console programs and the worker
  ...consolePrograms.flatMap((app) =>
    [discovery, 'POST /connect/token', 'GET /identity'].map((request) => ({
      request,
      from: [app],
      ...main(app),
    })),
  ),
  {
    request: discovery,
    from: ['worker-token-management'],
    ...tokenManagement('client-credentials/discovered-token-service.ts', 'discoveredTokenService'),
  },
  {
    request: 'POST /connect/token',
    from: ['worker-token-management'],
    ...tokenManagement('client-credentials/token-endpoint.ts', 'tokenEndpoint'),
  },

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
    ...tokenManagement('user/request-tokens.ts', 'requestTokens'),
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
    from: ['mvc-basic', 'mvc-back-channel-logout'],
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
