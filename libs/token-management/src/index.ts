export type { AccessToken } from './access-token.ts'
export type {
  ClientCredentialsClient,
  ClientCredentialsTokens,
  TokenManagementOptions,
} from './client-credentials/client-credentials-tokens.ts'
export { clientCredentialsTokens } from './client-credentials/client-credentials-tokens.ts'
export type { TokenEvent, TokenEvents, TokenSubject } from './events.ts'
export { onTokenEvents } from './events.ts'
export type { FetchWithToken } from './fetch-with-token.ts'
export type { TokenCache } from './token-cache.ts'
export { TokenRequestError } from './token-request-error.ts'
export type { TokenTarget } from './token-target.ts'
export {
  manageUserTokens,
  type UserTokenOptions,
  type UserTokens,
} from './user/manage-user-tokens.ts'
