import assert from 'node:assert/strict'
import { it } from 'node:test'

/** Modules of the tests' own, whatever others have loaded. */
const [own, other] = ['./now.ts?own', './now.ts?other']

it("follows the machine's clock over a sleep, and no clock that the program puts in its place", async () => {
  const { now: systemClock } = Date
  let slept = 0
  Date.now = () => systemClock() + slept
  try {
    const { now } = (await import(own)) as typeof import('./now.ts')
    const before = now()
    slept = 3_600_000
    const after = now()
    Date.now = () => 0

    assert.ok(Math.abs(before - systemClock()) < 1000)
    assert.ok(Math.abs(after - before - slept) < 1000)
    assert.ok(now() >= after)
  } finally {
    Date.now = systemClock
  }
})

it('shows what the wall clock shows, however far off the origin of the process is', async () => {
  const { now: systemClock } = Date
  Date.now = () => systemClock() - 132
  try {
    const { now } = (await import(other)) as typeof import('./now.ts')
    for (let n = 0; n < 1_000; n++) {
      const [before, time, after] = [Date.now(), now(), Date.now()]
      assert.ok(before <= time && time < after + 1, `${before} <= ${time} < ${after + 1}`)
    }
  } finally {
    Date.now = systemClock
  }
})
