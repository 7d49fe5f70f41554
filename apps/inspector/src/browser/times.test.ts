import assert from 'node:assert/strict'
import { it } from 'node:test'

import { describeTime } from './times.js'

for (const [claim, time, expected] of [
  ['exp', 1053, 'expires in 53 seconds'],
  ['exp', 400, 'expired, since 10 minutes'],
  ['iat', 999, '1 second ago'],
  ['auth_time', 1000 - 3 * 86_400, '3 days ago'],
  ['nbf', 1090, 'in 90 seconds'],
] as const)
  it(`tells ${claim} as a time to read: ${expected}`, () => {
    const local = new Date(time * 1000).toLocaleString()

    assert.equal(describeTime(claim, time, 1_000_000), `${local}: ${expected}`)
  })
