import { type AccessTokenClaims, scopeValues } from './access-token-claims.ts'

export interface ListedClaim {
  readonly type: string
  readonly value: string
}

/**
 * Lists claims in the order in which the token has them, for a person to read: every value as text, a
 * claim with several values (`scope` too) once for each, an object as its JSON.
 */
export function claimList(claims: AccessTokenClaims): ListedClaim[] {
  return Object.entries(claims).flatMap(([type, claim]) => {
    const values = type === 'scope' ? scopeValues(claims) : [claim].flat()
    return values.map((value) => ({ type, value: asText(value) }))
  })
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
