import { isIPv6 } from 'node:net'

import { RateLimiterMemory } from 'rate-limiter-flexible'

export interface SignInThrottle {
  /**
   * Counts an attempt, before it is made: many at once get no further than one after the other.
   *
   * @returns Milliseconds to wait, 0 when the attempt may be made.
   */
  count(username: string, address: string): Promise<number>
  /** Takes back what a user counted who then signed in. */
  forgive(username: string, address: string): Promise<void>
}

/** `window` in seconds. */
const limits = { window: 15 * 60, perUserAndAddress: 5, perAddress: 50 }

/**
 * Slows down whoever guesses passwords: 5 failures in 15 minutes for one user name from one address,
 * and 50 from one address whatever the names. A name alone is not limited, or anyone could lock anyone
 * out. Counts are in memory: several processes would each allow as much.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-10.10 RFC 6749 §10.10}
 */
export function signInThrottle(): SignInThrottle {
  const duration = limits.window
  const byAddress = new RateLimiterMemory({ duration, points: limits.perAddress })
  const byUser = new RateLimiterMemory({ duration, points: limits.perUserAndAddress })

  return {
    async count(username, address) {
      const network = networkOf(address)
      return (
        (await countWith(byAddress, network)) ||
        (await countWith(byUser, userKey(username, network)))
      )
    },

    async forgive(username, address) {
      const network = networkOf(address)
      await byUser.delete(userKey(username, network))
      await byAddress.reward(network)
    },
  }
}

/** @returns Milliseconds to wait. */
async function countWith(limiter: RateLimiterMemory, key: string): Promise<number> {
  const { consumedPoints, msBeforeNext } = await limiter.penalty(key)
  return consumedPoints > limiter.points ? msBeforeNext : 0
}

/** Cut off, so that whoever sends long names fills no memory with them. */
function userKey(username: string, network: string): string {
  return `${network} ${username.slice(0, 100).toLowerCase()}`
}

/** One subscriber has 2^64 IPv6 addresses: they count as one, by their first four groups. */
function networkOf(address: string): string {
  if (!isIPv6(address) || address.includes('.')) return address
  const [head = '', tail] = address.split('::')
  const groups = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = Array<string>(Math.max(0, 8 - groups.length - after.length)).fill('0')
  return [...groups, ...zeros, ...after].slice(0, 4).join(':')
}
