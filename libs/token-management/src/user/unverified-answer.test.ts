import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import {
  addUnknownKey,
  addUnknownSignature,
  recover,
  sentRefreshTokens,
  startExpired,
} from '../../test-support/start-expired.ts'

/** Until openid-client asks for the keys again, another refresh would end like the one before. */
describe('an answer to a refresh that cannot be verified', () => {
  for (const [what, spoil, reason] of [
    ['is signed with a key', addUnknownSignature, /JWT signature verification failed/],
    ['names a key', addUnknownKey, /no applicable keys found/],
  ] as const)
    it(`costs one refresh for all until the pause is over, when its ID Token ${what} that is not known`, async (t) => {
      const { provider, clock, logged, user, other } = await startExpired(t)
      await spoil(provider)

      for (const response of [
        ...(await Promise.all(['/get', '/get?scope=scope1'].map(user.open))),
        await user.open('/get'),
        await other.open('/get'),
      ]) {
        assert.equal(response.status, 503)
        assert.ok(response.headers.has('retry-after'))
        assert.match(await response.text(), reason)
      }
      assert.deepEqual(sentRefreshTokens(provider), ['refresh-1'])
      assert.equal(logged.length, 1)
      assert.match(logged.join(), reason)

      clock.seconds += 10
      await recover(provider)
      await Promise.all([user, other].map(({ ask }) => ask('/get')))
      assert.deepEqual(sentRefreshTokens(provider).sort(), ['refresh-1', 'refresh-2', 'refresh-3'])
    })
})
