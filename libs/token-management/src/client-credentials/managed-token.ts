import { setTimeout as sleep } from 'node:timers/promises'

import { backOff, isWithin } from '@basics/protocol'

import { type AccessToken, isAlive, isDue } from '../access-token.ts'
import { publish, type TokenSubject } from '../events.ts'
import type { TokenSource, Waiting } from '../fetch-with-token.ts'
import type { singleFlight } from '../single-flight.ts'
import { cacheEntry, type TokenCache } from '../token-cache.ts'
import { TokenRequestError } from '../token-request-error.ts'
import { untilAborted } from '../until-aborted.ts'

/** What all tokens of a process have in common. */
export interface RenewalPolicy {
  /** Seconds since the epoch. */
  readonly now: () => number
  /** Seconds. */
  readonly renewBefore: number
  /** Seconds to pause after that many failures in a row. */
  readonly pauseAfter: (failures: number) => number
  readonly cache: TokenCache | undefined
  readonly singleFlight: ReturnType<typeof singleFlight<AccessToken>>
}

/** How often a call without a token asks for one, if all was well before. */
const attemptsFromNothing = 3

/** Milliseconds that a call waits for the next token while it has one that lives. */
const patience = 1000

/** Seconds between two renewals because of a 401: an API that refuses them all gets no more tokens. */
const replacementInterval = 10

/** The token of one client for one scope and one resource, as this process knows it. */
export class ManagedToken implements TokenSource {
  readonly subject: TokenSubject
  readonly #key: string
  readonly #request: () => Promise<AccessToken>
  readonly #policy: RenewalPolicy
  readonly #cached: ReturnType<typeof cacheEntry>
  readonly #pause: ReturnType<typeof backOff>
  #current: AccessToken | undefined
  /** The last 401 that was answered with a renewal. */
  #refused = { access_token: '', at: Number.NEGATIVE_INFINITY }
  #isRenewing = false

  constructor(
    subject: TokenSubject,
    key: string,
    request: () => Promise<AccessToken>,
    policy: RenewalPolicy,
  ) {
    this.subject = subject
    this.#key = key
    this.#request = request
    this.#policy = policy
    this.#cached = cacheEntry(policy.cache, key, subject)
    this.#pause = backOff(policy.pauseAfter, policy.now)
  }

  /** The token, renewed first when it is due. */
  async get({ signal }: Waiting): Promise<AccessToken> {
    const token = this.#current
    if (this.#isFresh(token)) return this.#reuse(token, 'memory')
    const next = this.#isAlive(token) ? this.#renewAhead(token) : this.#renewFromNothing()
    return untilAborted(next, signal)
  }

  /** A new token, even if the one that is there looks good. */
  async renew({ signal }: Waiting): Promise<AccessToken> {
    return untilAborted(this.#renew({ readCache: false }), signal)
  }

  /** Of many calls refused with the same token, the first renews it and the others share the result. */
  async replace(
    { access_token }: AccessToken,
    { signal }: Waiting,
  ): Promise<AccessToken | undefined> {
    const isReplaced = this.#current?.access_token !== access_token
    if (isReplaced && this.#isAlive(this.#current)) return this.#current
    if (!this.#isRenewing) {
      const now = this.#policy.now()
      if (this.#pause.left() > 0 || isWithin(replacementInterval, this.#refused.at, now))
        return undefined
      this.#refused = { access_token, at: now }
    }
    const successor = this.#renew().catch(() => undefined)
    return untilAborted(successor, signal)
  }

  /** Whether nothing is lost when this is forgotten. */
  get isIdle(): boolean {
    return !this.#isRenewing && !this.#isAlive(this.#current) && this.#pause.left() === 0
  }

  /** A call that has a living token waits neither out a pause nor for a token service that hangs. */
  async #renewAhead(token: AccessToken): Promise<AccessToken> {
    if (this.#pause.left() > 0) return this.#reuse(token, 'memory')
    const renewed = await Promise.race([
      this.#renew().catch(() => undefined),
      sleep(patience, undefined, { ref: false }),
    ])
    return renewed ?? this.#reuse(token, 'memory')
  }

  async #renewFromNothing(): Promise<AccessToken> {
    try {
      return await this.#renew()
    } catch (error) {
      // The cache may have held one that is due, which still is better than none.
      if (this.#isAlive(this.#current)) return this.#reuse(this.#current, 'cache')
      throw error
    }
  }

  #renew({ readCache = true } = {}): Promise<AccessToken> {
    return this.#policy.singleFlight(this.#key, async () => {
      this.#isRenewing = true
      try {
        const shared = readCache ? await this.#readCache() : undefined
        return shared ?? (await this.#requestToken())
      } finally {
        this.#isRenewing = false
      }
    })
  }

  /** Another process may have renewed the token already. */
  async #readCache(): Promise<AccessToken | undefined> {
    const token = await this.#cached.get()
    if (token === undefined) return undefined
    if (token.access_token === this.#refused.access_token) {
      await this.#cached.remove()
      return undefined
    }
    const isFresh: boolean = this.#isFresh(token)
    const isBetter = token.expires_at > (this.#current?.expires_at ?? this.#policy.now())
    if (isFresh || isBetter) this.#current = token
    return isFresh ? this.#reuse(token, 'cache') : undefined
  }

  async #requestToken(): Promise<AccessToken> {
    const isPatient = !this.#isAlive(this.#current) && !this.#pause.hasFailed()
    for (let attempt = 1; ; attempt++) {
      await sleep(this.#pause.left() * 1000)
      publish('requested', { ...this.subject, attempt })
      try {
        return await this.#adopt(await this.#request())
      } catch (error) {
        const retry_in = this.#pause.fail()
        if (!(error instanceof TokenRequestError)) throw error
        publish('failed', { ...this.subject, error: error.message, retry_in })
        if (!error.isTransient || !isPatient || attempt === attemptsFromNothing) throw error
      }
    }
  }

  async #adopt(token: AccessToken): Promise<AccessToken> {
    const event = this.#current === undefined ? 'obtained' : 'renewed'
    this.#current = token
    this.#pause.succeed()
    publish(event, { ...this.subject, expires_in: this.#secondsLeft(token) })
    await this.#cached.set(token)
    return token
  }

  #reuse(token: AccessToken, from: 'memory' | 'cache'): AccessToken {
    publish('reused', { ...this.subject, expires_in: this.#secondsLeft(token), from })
    return token
  }

  #isAlive(token: AccessToken | undefined): token is AccessToken {
    return isAlive(token, this.#policy.now())
  }

  #isFresh(token: AccessToken | undefined): token is AccessToken {
    const { now, renewBefore } = this.#policy
    return token !== undefined && !isDue(token, now(), renewBefore)
  }

  #secondsLeft(token: AccessToken): number {
    return Math.max(0, Math.round(token.expires_at - this.#policy.now()))
  }
}
