import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'

import type { TokenRecord, TokenStore } from '@basics/relying-party'

import { SessionBusy, SessionEnded } from './session-ended.ts'

/** Milliseconds between two looks at a session that another process has claimed: from, to. */
const pauses = { first: 20, longest: 200 }

/** Work on the tokens of one session that no two processes may do at the same time. */
export interface ClaimedWork<Result> {
  readonly store: TokenStore
  /** The session's. */
  readonly id: string
  /** Seconds after which the claim ends if this process dies: longer than the work can take. */
  readonly lifetime: number
  /** Seconds that a call waits for another that has the claim. */
  readonly patience: number
  /** Told in a sentence of a claim that could not be given back. */
  readonly log: (sentence: string) => void
  /** The result that is there already, because another process did the work; else undefined. */
  readonly find: (record: TokenRecord) => Result | undefined
  /** Done under the claim, unless something was found. undefined: there is reason to look again. */
  readonly work: (record: TokenRecord) => Promise<Result | undefined>
}

/**
 * Does the work once, however many processes share the store: one has the claim, the others look again
 * until they find what it did, or get the claim themselves.
 *
 * @throws {SessionEnded} when the session is gone.
 * @throws {SessionBusy} when the others have not done it in time, such as one that died with the claim. Else what `work` and the store throw.
 */
export async function withClaim<Result>(task: ClaimedWork<Result>): Promise<Result> {
  const { store, id, lifetime, patience, find, work } = task
  const claimant = randomUUID()
  const deadline = performance.now() + patience * 1000

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
      if (isOurs) await release(task, claimant)
    }
    if (performance.now() >= deadline) throw new SessionBusy()
    await sleep(pause)
  }
}

/** The work is done, whatever becomes of the claim: it ends by itself. */
async function release<Result>(
  { store, id, log }: ClaimedWork<Result>,
  claimant: string,
): Promise<void> {
  try {
    await store.release(id, claimant)
  } catch (error) {
    log(`the claim on a session is not given back: ${(error as Error).message}`)
  }
}
