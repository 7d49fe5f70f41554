import { hash } from 'node:crypto'

import type { AccessTokenClaims, AccessTokenValidation } from './access-token-claims.ts'

interface Entry {
  readonly claims: AccessTokenClaims
  /** Seconds since the epoch. */
  readonly until: number
}

/**
 * Remembers tokens that were found valid, never past their expiry, and lets simultaneous requests with
 * one token share one validation. Refusals are not remembered.
 *
 * @param cacheSeconds how long
 * @param now seconds since the epoch
 * @param maximumEntries beyond which the oldest is forgotten
 * @see {@link https://www.rfc-editor.org/rfc/rfc7662.html#section-4 RFC 7662 §4}
 */
export function cachedValidation(
  validate: AccessTokenValidation,
  cacheSeconds: number,
  now: () => number,
  maximumEntries = 10_000,
): AccessTokenValidation {
  const entries = new Map<string, Entry>()
  const pending = new Map<string, Promise<AccessTokenClaims>>()

  async function validateAndRemember(token: string, key: string): Promise<AccessTokenClaims> {
    const claims = await validate(token)
    const until = Math.min(now() + cacheSeconds, claims.exp ?? Number.POSITIVE_INFINITY)
    entries.delete(key)
    entries.set(key, { claims, until })
    if (entries.size > maximumEntries) forgetOldest(entries)
    return claims
  }

  return async (token) => {
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

/** A Map keeps the order in which its entries were set. */
function forgetOldest(entries: Map<string, Entry>): void {
  const [oldest] = entries.keys()
  if (oldest !== undefined) entries.delete(oldest)
}
