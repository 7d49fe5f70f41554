import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { errors } from 'jose'

import { memoryKeys } from '../../test-support/memory-keys.ts'
import { openKeyRing } from '../keys/key-ring.ts'
import { findVerificationKey } from './verification-key.ts'

describe('findVerificationKey', () => {
  it('finds the key that a JWT names', async (t) => {
    const keys = await openKeyRing({ store: memoryKeys(), algorithms: ['ES256'] })
    t.after(() => keys.close())
    const { kid, publicKey } = keys.signingKey('ES256')

    assert.equal(findVerificationKey(keys)({ kid, alg: 'ES256' }), publicKey)
  })

  for (const header of [{ alg: 'ES384' }, { alg: undefined }, { kid: 'other' }, { kid: undefined }])
    it(`finds none for ${JSON.stringify(header)} in its place`, async (t) => {
      const keys = await openKeyRing({ store: memoryKeys(), algorithms: ['ES256'] })
      t.after(() => keys.close())
      const { kid } = keys.signingKey('ES256')
      const asked = { kid, alg: 'ES256', ...header } as { kid?: string; alg?: string }

      assert.throws(() => findVerificationKey(keys)(asked), errors.JWKSNoMatchingKey)
    })
})
