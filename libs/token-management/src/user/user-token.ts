import { setTimeout as sleep } from 'node:timers/promises'

import { isWithin } from '@basics/protocol'
import type { TokenRecord } from '@basics/relying-party'

import { type AccessToken, isAlive, isDue } from '../access-token.ts'
import { publish, type TokenSubject } from '../events.ts'
import type { TokenSource, Waiting } from '../fetch-with-token.ts'
import type { singleFlight } from '../single-flight.ts'
import { TokenRequestError } from '../token-request-error.ts'
import { untilAborted } from '../until-aborted.ts'
import { refreshSession, type UserTokenSettings } from './refresh-session.ts'
import { withClaim } from './session-claim.ts'
import { NoRefreshToken, SessionEnded } from './session-ended.ts'
import { readAccessToken, type SessionPart } from './session-part.ts'

/** What the tokens of a process have in common. */
export interface UserTokenPolicy extends UserTokenSettings {
  /** Seconds before a token expires when it is renewed. */
  readonly renewBefore: number
  /** Seconds that a call waits for another process that renews the token. */
  readonly claimPatience: number
  readonly singleFlight: ReturnType<typeof singleFlight<AccessToken>>
  /** When a token was last renewed because of a 401, by session and part: seconds since the epoch. */
  readonly refusals: Map<string, number>
}

/** Milliseconds that a call waits for the next token while it has one that lives. */
const patience = 1000

/** Seconds between two renewals because of a 401: an API that refuses them all gets no more tokens. */
const replacementInterval = 10

/** The access token of one session, for one part of what was granted. */
export class UserToken implements TokenSource {
  readonly subject: TokenSubject & { readonly session: string }
  readonly #part: SessionPart
  readonly #policy: UserTokenPolicy
  readonly #key: string

  constructor(session: string, part: SessionPart, policy: UserTokenPolicy) {
    this.subject = { client: policy.login.clientId, session, ...part.parameters }
    this.#part = part
    this.#policy = policy
    this.#key = JSON.stringify([session, part.name])
  }

  /** The token, renewed first when it is due. */
  async get({ signal }: Waiting): Promise<AccessToken> {
    const record = await this.#policy.login.tokens.get(this.subject.session)
    if (record === undefined) throw new SessionEnded('the session is gone')
    const token = this.#read(record)
    if (token !== undefined && this.#isFresh(token)) return this.#reuse(token)
    const { now } = this.#policy
    const next = isAlive(token, now()) ? this.#renewAhead(token, record) : this.#renewLate(record)
    return untilAborted(next, signal)
  }

  /** Of many calls refused with the same token, one renews it and the others share the result. */
  async replace(
    { access_token }: AccessToken,
    { signal }: Waiting,
  ): Promise<AccessToken | undefined> {
    const successor = this.#renew({
      reason: 'refused',
      isWanted: (token) => token.access_token !== access_token,
      begin: () => this.#noteRefusal(),
    })
    return untilAborted(unlessEnded(successor), signal)
  }

  /** A call that has a living token waits neither out a pause nor for a token service that hangs. */
  async #renewAhead(token: AccessToken, { tokens }: TokenRecord): Promise<AccessToken> {
    if (tokens.refresh_token === undefined || this.#policy.pause.left() > 0)
      return this.#reuse(token)
    const renewed = await Promise.race([
      unlessEnded(this.#renewDue()),
      sleep(patience, undefined, { ref: false }),
    ])
    return renewed ?? this.#reuse(token)
  }

  /** Without a refresh token a session is over with its access token. */
  async #renewLate({ tokens }: TokenRecord): Promise<AccessToken> {
    if (tokens.refresh_token !== undefined) return this.#renewDue()
    if (this.#part.name !== undefined) throw new NoRefreshToken()
    throw new SessionEnded('the access token has expired, and there is no refresh token')
  }

  #renewDue(): Promise<AccessToken> {
    return this.#renew({
      reason: 'due',
      isWanted: (token) => this.#isFresh(token),
      begin: () => this.#policy.pause.requireVerifiable(),
    })
  }

  /** One renewal for all calls of this process that ask for it, and one of all processes at a time. */
  async #renew(renewal: {
    readonly reason: 'due' | 'refused'
    readonly isWanted: (token: AccessToken) => boolean
    readonly begin?: () => void
  }): Promise<AccessToken> {
    const { reason, isWanted, begin } = renewal
    const { login, singleFlight, claimPatience, log } = this.#policy
    let isRenewed = false
    const token = await singleFlight(`${reason} ${this.#key}`, () =>
      withClaim({
        store: login.tokens,
        id: this.subject.session,
        // Discovery, the token request and the provider's keys, one after the other.
        lifetime: 3 * login.timeoutSeconds + 5,
        patience: claimPatience,
        log,
        find: (record) => {
          const found = this.#read(record)
          return found !== undefined && isWanted(found) ? found : undefined
        },
        work: async (record) => {
          begin?.()
          const { subject } = this
          const next = await refreshSession(this.#policy, { subject, part: this.#part, record })
          isRenewed = next !== undefined
          return next
        },
      }),
    )
    return isRenewed ? token : this.#reuse(token)
  }

  #noteRefusal(): void {
    const { refusals, now } = this.#policy
    for (const [key, at] of refusals)
      if (!isWithin(replacementInterval, at, now())) refusals.delete(key)
    if (refusals.has(this.#key))
      throw new TokenRequestError('the API has refused the token before this one, too', {})
    refusals.set(this.#key, now())
  }

  #reuse(token: AccessToken): AccessToken {
    const expires_in = Math.max(0, Math.round(token.expires_at - this.#policy.now()))
    publish('reused', { ...this.subject, expires_in, from: 'session' })
    return token
  }

  #read(record: TokenRecord): AccessToken | undefined {
    return readAccessToken(record, this.#part, this.#policy.assumedLifetime)
  }

  #isFresh(token: AccessToken): boolean {
    const { now, renewBefore } = this.#policy
    return !isDue(token, now(), renewBefore)
  }
}

/** A renewal that fails leaves the call with what it has, unless it has ended the session. */
async function unlessEnded(renewal: Promise<AccessToken>): Promise<AccessToken | undefined> {
  try {
    return await renewal
  } catch (error) {
    if (error instanceof SessionEnded) throw error
    return undefined
  }
}
