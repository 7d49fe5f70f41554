/**
 * Kills the token service under load, with SIGKILL, 20 times: what it has acknowledged has to be there when it is
 * started again, and what works once must not work twice.
 *
 * `npx nx run bench:kill`
 */
import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'

import { describeRun } from '../run-conditions.ts'
import { createHttp, type Http } from './http.ts'
import { createJournal, describeJournal, type Journal } from './journal.ts'
import { issueAndRevoke, issueSigned, signInAndConsent, workUntilGone } from './journaled-work.ts'
import type { Print } from './load.ts'
import type { ServerProcess } from './server-process.ts'
import { createTokenServicePlace } from './token-service.ts'
import { requireTrials, verifyJournal } from './verify-journal.ts'

/** Users who have to have signed in and consented before each kill, while other work is done. */
const enoughSignIns = 20
/** Milliseconds, for a kill to hit any step of the work. */
const longestDelay = 300

export async function killUnderLoad({
  kills = 20,
  print = console.log as Print,
} = {}): Promise<void> {
  using place = await createTokenServicePlace()
  const http = createHttp(place.url)
  const journal = createJournal()
  const times: number[] = []
  let service = await place.start()
  try {
    for (let kill = 1; kill <= kills; kill++) {
      await killWhile(service, http, journal)
      const started = performance.now()
      service = await place.start()
      times.push((performance.now() - started) / 1000)
      await verifyJournal(http, journal)
      print(`kill ${kill}, back after ${times.at(-1)?.toFixed(1)} s: ${describeJournal(journal)}`)
    }
    requireTrials(journal)
    assert.equal(service.complaints(), '')
    const [least, most] = [Math.min(...times), Math.max(...times)].map((time) => time.toFixed(1))
    print(`${kills} kills, back after ${least} s to ${most} s: ${describeJournal(journal)}`)
  } finally {
    await service.end('SIGKILL')
  }
}

async function killWhile(service: ServerProcess, http: Http, journal: Journal): Promise<void> {
  let signedIn = 0
  const enough = Promise.withResolvers<void>()
  const signInAndCount = async () => {
    await signInAndConsent(http, journal)
    if (++signedIn === enoughSignIns) enough.resolve()
  }
  const works = [
    () => issueAndRevoke(http, journal),
    () => issueSigned(http, journal),
    ...Array.from({ length: 6 }, () => signInAndCount),
  ]
  const ended = Promise.all(works.map((work) => workUntilGone(service, work)))
  // Until then only what the work finds wrong ends it.
  await Promise.race([ended, enough.promise])
  await delay(randomInt(longestDelay))
  assert.equal(await service.end('SIGKILL'), null)
  await ended
  assert.equal(service.complaints(), '')
}

if (import.meta.main) {
  console.log(describeRun())
  await killUnderLoad()
}
