import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'

import type { TokenRecord, TokenStore } from '@basics/relying-party'

import { SessionEnded } from './session-ended.ts'

/** Milliseconds between two looks at a session that another process has claimed: from, to. */
const pauses = { first: 20, longest: 200 }

/** Work on the tokens of one session that no two processes may do at the same time. */
export interface ClaimedWork<Result> {
  readonly store: TokenStore
  /** The session's. */
  readonly id: string
  /** Seconds after which the claim ends if this process dies: longer than the work can take. */
  readonly lifetime: number
  /** The result that is there already, because another process did the work; else undefined. */
  readonly find: (record: TokenRecord) => Result | undefined
  /** Done under the claim, unless something was found. undefined: there is reason to look again. */
  readonly work: (record: TokenRecord) => Promise<Result | undefined>
}

/**
 * Does the work once, however many processes share the store: one has the claim, the others look again
 * until they find what it did, or get the claim themselves.
 *
 * @throws {SessionEnded} when the session is gone. Else what `work` and the store throw.
 */
export async function withClaim<Result>(task: ClaimedWork<Result>): Promise<Result> {
  const { store, id, lifetime, find, work } = task
  const claimant = randomUUID()

  for (let pause = pauses.first; ; pause = Math.min(pause * 1.5, pauses.longest)) {
    const isOurs = await store.claim(id, claimant, lifetime)
    try {
      // Read under the claim: what was true before it may have been changed by whoever had it.
      const record = await store.get(id)
      if (record === undefined) throw new SessionEnded('the session is gone')
      const found = find(record)
      if (found !== undefined) return found
      const done = isOurs ? await work(record) : undefined
      if (done !== undefined) return done
    } finally {
      if (isOurs) await store.release(id, claimant)
    }
    await sleep(pause)
  }
}
