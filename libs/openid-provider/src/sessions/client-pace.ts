/** Attempts to tell one client that may be under way at once. */
const maximumAtOnce = 10

/** Milliseconds. */
const firstRest = 1_000
const longestRest = 60_000
const shortDelay = 100

interface Pace {
  underWay: number
  /** Attempts in a row that did not reach the client. */
  failures: number
  restsUntil: number
}

/** Says whether the client was reached. Answers when to try again if not, in milliseconds since the epoch. */
export type AttemptEnd = (isReached: boolean) => number

/**
 * How fast each client is told of logouts: some at once while it answers; when it does not, one by one
 * with ever longer rests, so that a client that is down costs next to nothing and holds up no other.
 */
export class ClientPace {
  readonly #now: () => number
  /** For how long an attempt may last, in milliseconds. */
  readonly #timeout: number
  /** Of clients that are being told or do not answer; nothing is kept of the others. */
  readonly #paces = new Map<string, Pace>()

  constructor(now: () => number, timeout: number) {
    this.#now = now
    this.#timeout = timeout
  }

  /**
   * Asks for leave to tell a client.
   *
   * @returns how to say what came of it; or when to ask again, in milliseconds since the epoch
   */
  begin(clientId: string): AttemptEnd | number {
    const now = this.#now()
    const pace = this.#paces.get(clientId) ?? { underWay: 0, failures: 0, restsUntil: 0 }
    if (pace.restsUntil > now) return pace.restsUntil
    if (pace.underWay >= maximumAtOnce) return now + shortDelay
    // Of a client that did not answer, one attempt finds out whether it does now.
    if (pace.failures > 0) pace.restsUntil = now + this.#timeout
    pace.underWay++
    this.#paces.set(clientId, pace)
    const { failures } = pace
    return (isReached) => this.#end(clientId, pace, isReached, failures)
  }

  #end(clientId: string, pace: Pace, isReached: boolean, failuresBefore: number): number {
    pace.underWay--
    if (isReached) {
      pace.failures = 0
      pace.restsUntil = 0
      if (pace.underWay === 0) this.#paces.delete(clientId)
      // Of attempts that were under way together, one counts.
    } else if (pace.failures === failuresBefore) {
      pace.restsUntil = this.#now() + Math.min(firstRest * 2 ** pace.failures, longestRest)
      pace.failures++
    }
    return Math.max(pace.restsUntil, this.#now())
  }
}
