export type { AuthorizationRequest } from './authorization-request/authorization-request.ts'
export { pushedAuthorizationRequest } from './authorization-request/pushed-authorization-request.ts'
export { queryParameters } from './authorization-request/query-parameters.ts'
export { signedRequestObject } from './authorization-request/signed-request-object.ts'
export type { AuthorizationResponse } from './authorization-response/authorization-response.ts'
export { codeByQuery } from './authorization-response/code-by-query.ts'
export { codeIdTokenByFormPost } from './authorization-response/code-id-token-by-form-post.ts'
export {
  type BackChannelLogout,
  type BackChannelLogoutOptions,
  backChannelLogout,
} from './back-channel-logout/back-channel-logout.ts'
export type { LogoutTokenClaims } from './back-channel-logout/logout-token.ts'
export { localPath } from './local-path.ts'
export { type Problem, ProblemError } from './problems/problem.ts'
export { type RelyingParty, relyingParty } from './relying-party.ts'
export type { EndedSession, Logout, SessionEndings } from './sessions/session-endings.ts'
export type { SignIn, UserSession } from './sessions/sign-in.ts'
export { type SessionStorage, sqliteSessions } from './sessions/sqlite-sessions.ts'
export type { RelyingPartyOptions } from './settings.ts'
export type { TokenRecord, TokenStore } from './tokens/token-store.ts'
export {
  AnotherUserError,
  createNarrowedTokens,
  createRefreshedTokens,
  createTokens,
  type IssuedAccessToken,
  type Tokens,
} from './tokens/tokens.ts'
