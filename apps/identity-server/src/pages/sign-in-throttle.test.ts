import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { type SignInThrottle, signInThrottle } from './sign-in-throttle.ts'

async function fail(throttle: SignInThrottle, times: number, username: string, address: string) {
  let wait = 0
  for (let time = 0; time < times; time += 1) wait = await throttle.count(username, address)
  return wait
}

describe('sign-in throttle', () => {
  it('lets 5 attempts at one name pass from one address, in 15 minutes', async () => {
    const throttle = signInThrottle()

    assert.equal(await fail(throttle, 5, 'alice', '192.0.2.1'), 0)
    const wait = await throttle.count('ALICE', '192.0.2.1')
    assert.ok(wait > 890_000 && wait <= 900_000, `${wait} ms`)
    assert.equal(await throttle.count('bob', '192.0.2.1'), 0)
    assert.equal(await throttle.count('alice', '192.0.2.2'), 0)
  })

  it('lets no more pass when they come all at once', async () => {
    const throttle = signInThrottle()

    const waits = await Promise.all(
      Array.from({ length: 20 }, () => throttle.count('alice', '192.0.2.1')),
    )

    assert.equal(waits.filter((wait) => wait === 0).length, 5)
  })

  it('keeps no more of a name than a name can have', async () => {
    const throttle = signInThrottle()
    const long = 'x'.repeat(100)
    await fail(throttle, 5, `${long}1`, '192.0.2.1')

    assert.ok((await throttle.count(`${long}2`, '192.0.2.1')) > 0)
  })

  it('lets 50 attempts pass from one address, whatever the names', async () => {
    const throttle = signInThrottle()

    for (let user = 0; user < 50; user += 1)
      assert.equal(await throttle.count(`user${user}`, '192.0.2.1'), 0)
    assert.ok((await throttle.count('alice', '192.0.2.1')) > 0)
  })

  it('forgets failures once the user has signed in', async () => {
    const throttle = signInThrottle()
    await fail(throttle, 5, 'alice', '192.0.2.1')

    await throttle.forgive('Alice', '192.0.2.1')

    assert.equal(await fail(throttle, 5, 'alice', '192.0.2.1'), 0)
  })

  it('does not hold success against an address', async () => {
    const throttle = signInThrottle()

    for (let time = 0; time < 60; time += 1) {
      assert.equal(await throttle.count('alice', '192.0.2.1'), 0)
      await throttle.forgive('alice', '192.0.2.1')
    }
  })

  it('takes back no more for a success than the one attempt, whatever failed before', async () => {
    const throttle = signInThrottle()
    for (let user = 0; user < 49; user += 1) await throttle.count(`user${user}`, '192.0.2.1')
    await throttle.count('alice', '192.0.2.1')
    await throttle.forgive('alice', '192.0.2.1')

    assert.equal(await throttle.count('bob', '192.0.2.1'), 0)
    assert.ok((await throttle.count('carol', '192.0.2.1')) > 0)
  })

  it('starts anew after 15 minutes', async (t) => {
    t.mock.timers.enable({ apis: ['Date', 'setTimeout'] })
    const throttle = signInThrottle()
    await fail(throttle, 9, 'alice', '192.0.2.1')

    t.mock.timers.tick(899_000)
    assert.equal(await throttle.count('alice', '192.0.2.1'), 1000)
    t.mock.timers.tick(1000)
    assert.equal(await throttle.count('alice', '192.0.2.1'), 0)
  })

  for (const [other, isSame] of [
    ['2001:db8:0:1::2', true],
    ['2001:db8:0:1:ffff::', true],
    ['2001:db8:0:2::1', false],
    ['2001:db8::1', false],
    ['::1', false],
  ] as const) {
    it(`takes ${other} for ${isSame ? 'the same' : 'another'} subscriber`, async () => {
      const throttle = signInThrottle()
      await fail(throttle, 5, 'alice', '2001:db8:0:1::1')

      assert.equal((await throttle.count('alice', other)) > 0, isSame)
    })
  }

  it('tells IPv4 addresses in IPv6 form apart', async () => {
    const throttle = signInThrottle()
    await fail(throttle, 5, 'alice', '::ffff:192.0.2.1')

    assert.equal(await throttle.count('alice', '::ffff:192.0.2.2'), 0)
  })
})
