import { hash } from 'node:crypto'

import type { AccessTokenClaims, AccessTokenValidation } from './access-token-claims.ts'

interface Entry {
  readonly claims: AccessTokenClaims
  /** Seconds since the epoch. */
  readonly until: number
}

export interface CacheOptions {
  /** For how long at most; by default until the token expires. */
  readonly cacheSeconds?: number
  /**
   * What validations rest on, such as the issuer's keys: when it changes, all are forgotten. While it is
   * undefined, none is remembered. By default nothing that changes.
   */
  readonly basis?: () => object | undefined
  /** Seconds since the epoch. */
  readonly now: () => number
  /** Beyond which the oldest are forgotten. */
  readonly maximumEntries?: number
}

/**
 * Remembers tokens that were found valid, never past their expiry, and lets simultaneous requests with
 * one token share one validation, and its claims, which nobody can change. Refusals are not remembered.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc7662.html#section-4 RFC 7662 §4}
 */
export function cachedValidation(
  validate: AccessTokenValidation,
  {
    cacheSeconds = Number.POSITIVE_INFINITY,
    basis = () => validate,
    now,
    maximumEntries = 10_000,
  }: CacheOptions,
): AccessTokenValidation {
  const entries = new Map<string, Entry>()
  const pending = new Map<string, Promise<AccessTokenClaims>>()
  let restsOn = basis()

  async function validateAndRemember(token: string, key: string): Promise<AccessTokenClaims> {
    const began = basis()
    const claims = freezeDeep(await validate(token))
    // What it rested on may have changed meanwhile, or come only now.
    if (began === undefined || began !== basis()) return claims
    const until = Math.min(now() + cacheSeconds, claims.exp ?? Number.POSITIVE_INFINITY)
    entries.delete(key)
    entries.set(key, { claims, until })
    if (entries.size > maximumEntries) forgetOldest(entries, Math.ceil(maximumEntries / 100))
    return claims
  }

  function forgetWhatHasLostItsBasis(): void {
    const current = basis()
    if (current !== restsOn) entries.clear()
    restsOn = current
  }

  return async (token) => {
    forgetWhatHasLostItsBasis()
    // Hashed, so that a dump of the API's memory gives nobody thousands of usable tokens.
    const key = hash('sha256', token, 'base64url')
    const entry = entries.get(key)
    if (entry !== undefined && now() < entry.until) return entry.claims

    const shared = pending.get(key)
    if (shared !== undefined) return shared
    const validation = validateAndRemember(token, key).finally(() => pending.delete(key))
    pending.set(key, validation)
    return validation
  }
}

/**
 * A Map keeps the order in which its entries were set. Several at once, since to find the first of a Map
 * V8 has to pass the places of those that were deleted.
 */
function forgetOldest(entries: Map<string, Entry>, count: number): void {
  for (const key of entries.keys().take(count)) entries.delete(key)
}

function freezeDeep<T extends object>(value: T): T {
  for (const each of Object.values(value))
    if (typeof each === 'object' && each !== null) freezeDeep(each)
  return Object.freeze(value)
}
