import type { AccessToken } from './access-token.ts'
import { publish, type TokenEvents, type TokenSubject } from './events.ts'
import { untilAborted } from './until-aborted.ts'

/**
 * Where several processes share their tokens (Redis, a database, …). Each process also keeps its own
 * in memory and looks here only when it needs another. May throw or hang: it is then done without.
 *
 * Whoever reads the cache can use the tokens: encrypt it, or guard it like a password store.
 */
export interface TokenCache {
  get(key: string): Promise<AccessToken | undefined>
  /** An entry is of no use after `token.expires_at`. */
  set(key: string, token: AccessToken): Promise<void>
  remove(key: string): Promise<void>
}

/** Milliseconds. Clients of a cache that is down tend to wait for it rather than to fail. */
const patience = 1000

/** One entry of a cache, whose outages become events instead of errors. */
export function cacheEntry(cache: TokenCache | undefined, key: string, subject: TokenSubject) {
  async function attempt<Result>(
    operation: TokenEvents['cache-failed']['operation'],
    work: (cache: TokenCache) => Promise<Result>,
  ): Promise<Result | undefined> {
    if (cache === undefined) return undefined
    try {
      return await untilAborted(work(cache), AbortSignal.timeout(patience))
    } catch (error) {
      publish('cache-failed', { ...subject, operation, error: String(error) })
      return undefined
    }
  }

  return {
    get: () => attempt('get', (cache) => cache.get(key)),
    set: (token: AccessToken) => attempt('set', (cache) => cache.set(key, token)),
    remove: () => attempt('remove', (cache) => cache.remove(key)),
  }
}
