import { tokensOfUsers } from './diagram-senders.ts'
import {
  main,
  pageScript,
  provider,
  relyingParty,
  resourceServer,
  type Source,
  tokenManagement,
} from './source.ts'

/** A part of a message that something else makes, or checks, than the message. */
export interface Part extends Source {
  /** The request that has it, or that is answered with it. */
  readonly request?: string
  /** The apps that send the message, where others do it in another way. */
  readonly from?: readonly string[]
  /** The apps that get it. */
  readonly to?: readonly string[]
  /** How the part begins in the message. */
  readonly says: string
}

const authorize = 'GET /connect/authorize'
const token = 'POST /connect/token'
const bearer = { request: 'GET /identity', says: 'Authorization: Bearer' }
const assertion = { request: token, says: 'client_assertion=' }

/** What makes parts of a request. */
export const partsMadeBy: readonly Part[] = [
  {
    ...assertion,
    from: ['jwt-client-authentication'],
    ...main('jwt-client-authentication'),
    name: 'signedAssertion',
  },
  { ...assertion, from: ['mvc-jar-jwt'], ...main('mvc-jar-jwt'), name: 'login' },
  {
    ...bearer,
    from: ['worker-token-management'],
    ...tokenManagement('client-credentials/managed-token.ts', 'ManagedToken'),
  },
  { ...bearer, from: tokensOfUsers, ...tokenManagement('user/user-token.ts', 'UserToken') },
  {
    request: 'POST /signin-oidc',
    says: 'id_token=',
    ...provider('tokens/id-token.ts', 'signIdToken'),
  },
  {
    request: 'POST /backchannel-logout',
    says: 'logout_token=',
    ...provider('tokens/logout-token.ts', 'signLogoutToken'),
  },
]

/** What checks parts of a request, or of the fragment in the address that a page was opened with. */
export const partsCheckedBy: readonly Part[] = [
  {
    request: authorize,
    says: '?request=',
    ...provider('authorization-request/request-object.ts', 'readRequestObject'),
  },
  {
    request: authorize,
    says: '?request_uri=',
    ...provider('authorization-request/pushed-request.ts', 'takePushedRequest'),
  },
  {
    request: token,
    says: 'Authorization: Basic',
    ...provider('client-authentication/client-secret-basic.ts', 'clientSecretBasic'),
  },
  { ...assertion, ...provider('client-authentication/private-key-jwt.ts', 'privateKeyJwt') },
  {
    request: token,
    says: 'grant_type=client_credentials',
    ...provider('grants/client-credentials.ts', 'clientCredentialsGrant'),
  },
  {
    request: token,
    says: 'grant_type=authorization_code',
    ...provider('grants/authorization-code.ts', 'authorizationCodeGrant'),
  },
  {
    request: token,
    says: 'grant_type=refresh_token',
    ...provider('grants/refresh-token.ts', 'refreshTokenGrant'),
  },
  {
    request: 'POST /connect/introspect',
    says: 'token=',
    ...provider('tokens/read-access-token.ts', 'readAccessToken'),
  },
  {
    request: 'POST /signin-oidc',
    says: 'id_token=',
    ...relyingParty(
      'authorization-response/code-id-token-by-form-post.ts',
      'codeIdTokenByFormPost',
    ),
  },
  {
    request: 'GET /implicit',
    says: '#access_token=',
    ...pageScript('id-token.js', 'validateAccessTokenHash'),
  },
  { request: 'GET /implicit', says: '&id_token=', ...pageScript('id-token.js', 'validateIdToken') },
  {
    ...bearer,
    to: ['simple-api'],
    ...resourceServer('jwt-access-token.ts', 'jwtAccessTokenValidation'),
  },
  {
    ...bearer,
    to: ['resource-api'],
    ...resourceServer('introspection.ts', 'introspectionValidation'),
  },
]

/** What makes parts of an answer, among them what a redirect brings. */
export const partsOfAnswersMadeBy: readonly Part[] = [
  {
    says: '?request=',
    ...relyingParty('authorization-request/signed-request-object.ts', 'signedRequestObject'),
  },
  {
    request: 'POST /connect/par',
    says: 'request_uri=',
    ...provider('authorization-request/pushed-request.ts', 'keepPushedRequest'),
  },
  {
    says: '#access_token=',
    ...provider('authorization-response/front-channel-grant.ts', 'issueFrontChannelToken'),
  },
  { says: '&id_token=', ...provider('tokens/id-token.ts', 'signIdToken') },
  {
    request: token,
    to: ['introspection'],
    says: 'access_token=',
    ...provider('tokens/reference-token.ts', 'issueReferenceToken'),
  },
]
