import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { startProvider } from '../../test-support/start-provider.ts'

const path = '/.well-known/openid-configuration/jwks'

describe('JWKS', () => {
  it('holds the public halves of all keys, and no member more', async (t) => {
    const { keys, request } = await startProvider(t)

    const response = await request(path)

    const published = (await response.json()).keys as Record<string, unknown>[]
    const members = published.map((key) => Object.keys(key).sort().join(' ')).sort()
    assert.equal(response.headers.get('content-type'), 'application/json')
    assert.equal(response.headers.get('cache-control'), 'public, max-age=300')
    assert.deepEqual(members, ['alg crv kid kty use x y', 'alg e kid kty n use'])
    for (const alg of ['RS256', 'ES256'] as const) {
      const { kid } = keys.signingKey(alg)
      const [key] = published.filter((each) => each.kid === kid)
      assert.deepEqual([key?.alg, key?.use], [alg, 'sig'])
    }
  })
})
