import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { webClient } from '../../test-support/people.ts'
import { registerClient } from '../model/register-client.ts'
import { refreshTokenExpiry } from './refresh-token-expiry.ts'

const since = Date.UTC(2030, 0, 1)
const day = 24 * 60 * 60

/** In days since the user granted it, when it is used on a day. */
function expiryOn(usedOn: number, absolute: number, sliding?: number): number {
  const client = registerClient({
    ...webClient,
    clientId: 'web',
    refreshTokenExpiration: sliding === undefined ? 'absolute' : 'sliding',
    absoluteRefreshTokenLifetime: absolute * day,
    ...(sliding !== undefined && { slidingRefreshTokenLifetime: sliding * day }),
  })
  const at = since + usedOn * day * 1000
  return (refreshTokenExpiry(client, since, at) - since) / (day * 1000)
}

describe('expiry of a refresh token', () => {
  it('is a fixed time after the grant when it is absolute', () => {
    assert.deepEqual([expiryOn(0, 30), expiryOn(29, 30)], [30, 30])
  })

  it('is prolonged by each use when it is sliding', () => {
    assert.deepEqual([expiryOn(0, 30, 15), expiryOn(10, 30, 15)], [15, 25])
  })

  it('slides no further than the absolute lifetime', () => {
    assert.deepEqual([expiryOn(20, 30, 15), expiryOn(0, 10, 15)], [30, 10])
  })

  it('slides without limit when the absolute lifetime is 0', () => {
    assert.equal(expiryOn(1000, 0, 15), 1015)
  })
})
