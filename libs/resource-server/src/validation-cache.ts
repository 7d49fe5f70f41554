import { hash } from 'node:crypto'

import type { AccessTokenClaims, AccessTokenValidation } from './access-token-claims.ts'

/** For how long a validation counts. */
interface Validity {
  /** What it rested on when it began. */
  readonly basis: object | undefined
  /** Seconds since the epoch. */
  readonly until: number
}

interface Entry<T> extends Validity {
  readonly claims: T
}

export interface CacheOptions {
  /** For how long at most, from the time a validation began; by default until the token expires. */
  readonly cacheSeconds?: number
  /**
   * What validations rest on, such as the issuer's keys: one that began on something else no longer counts.
   * While it is undefined, none is remembered. By default nothing that changes.
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
  const remembered = new Map<string, Entry<AccessTokenClaims>>()
  const pending = new Map<string, Entry<Promise<AccessTokenClaims>>>()

  const holds = (entry: Validity) => entry.basis === basis() && now() < entry.until

  async function validateAndRemember(
    token: string,
    key: string,
    began: Validity,
  ): Promise<AccessTokenClaims> {
    const claims = freezeDeep(await validate(token))
    const until = Math.min(began.until, claims.exp ?? Number.POSITIVE_INFINITY)
    const entry = { ...began, claims, until }
    // What it rested on may have changed meanwhile, or come only now; and it may have taken too long.
    if (entry.basis === undefined || !holds(entry)) return claims
    remembered.delete(key)
    remembered.set(key, entry)
    if (remembered.size > maximumEntries) forgetOldest(remembered, Math.ceil(maximumEntries / 100))
    return claims
  }

  return async (token) => {
    // Hashed, so that a dump of the API's memory gives nobody thousands of usable tokens.
    const key = hash('sha256', token, 'base64url')
    const entry = remembered.get(key)
    if (entry !== undefined && holds(entry)) return entry.claims
    const shared = pending.get(key)
    if (shared !== undefined && holds(shared)) return shared.claims

    // From before the question: the token may be revoked while its answer is on the way.
    const began = { basis: basis(), until: now() + cacheSeconds }
    const validation = { ...began, claims: validateAndRemember(token, key, began) }
    pending.set(key, validation)
    try {
      return await validation.claims
    } finally {
      // One that began later may have taken its place.
      if (pending.get(key) === validation) pending.delete(key)
    }
  }
}

/**
 * A Map keeps the order in which its entries were set. Several at once, since to find the first of a Map
 * V8 has to pass the places of those that were deleted.
 */
function forgetOldest(entries: Map<string, unknown>, count: number): void {
  for (const key of entries.keys().take(count)) entries.delete(key)
}

function freezeDeep<T extends object>(value: T): T {
  for (const each of Object.values(value))
    if (typeof each === 'object' && each !== null) freezeDeep(each)
  return Object.freeze(value)
}
