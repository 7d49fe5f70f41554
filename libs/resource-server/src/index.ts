export type { AccessTokenClaims } from './access-token-claims.ts'
export { claimList, type ListedClaim } from './claim-list.ts'
export type { IntrospectionOptions } from './introspection.ts'
export { IssuerUnavailable } from './issuer-unavailable.ts'
export {
  type ResourceServer,
  type ResourceServerOptions,
  resourceServer,
} from './resource-server.ts'
