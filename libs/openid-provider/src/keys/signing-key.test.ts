import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { calculateJwkThumbprint, importJWK, jwtVerify } from 'jose'

import { type SigningAlgorithmName, signingAlgorithms } from './signing-algorithms.ts'
import { generateKey, importSigningKey } from './signing-key.ts'

const created = Date.UTC(2030, 0, 1)

describe('signing key', () => {
  for (const alg of Object.keys(signingAlgorithms) as SigningAlgorithmName[])
    it(`signs JWTs with ${alg} that its public half verifies`, async () => {
      const stored = await generateKey(alg, created)
      const { kid, publicJwk, sign } = await importSigningKey(stored)

      const jwt = await sign('at+jwt', { sub: 'é' })

      const { payload, protectedHeader } = await jwtVerify(jwt, await importJWK(publicJwk, alg))
      assert.deepEqual(payload, { sub: 'é' })
      assert.deepEqual(protectedHeader, { alg, kid, typ: 'at+jwt' })
    })

  for (const [alg, members] of [
    ['RS256', ['alg', 'e', 'kid', 'kty', 'n', 'use']],
    ['ES384', ['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']],
  ] as [SigningAlgorithmName, string[]][])
    it(`publishes no private member (${alg})`, async () => {
      const stored = await generateKey(alg, created)
      const { publicJwk } = await importSigningKey(stored)

      assert.equal(typeof stored.jwk.d, 'string')
      assert.deepEqual(Object.keys(publicJwk).sort(), members)
    })

  it('is named by its thumbprint', async () => {
    const stored = await generateKey('ES256', created)

    assert.equal(stored.kid, await calculateJwkThumbprint(stored.jwk))
    assert.deepEqual([stored.jwk.kid, stored.created], [stored.kid, created])
  })

  it('can say of what type a JWT is, each time anew', async () => {
    const { sign } = await importSigningKey(await generateKey('ES256', created))
    const types = ['at+jwt', 'JWT', 'at+jwt'].map(async (typ) => {
      const [header = ''] = (await sign(typ, {})).split('.')
      return JSON.parse(Buffer.from(header, 'base64url').toString()).typ
    })

    assert.deepEqual(await Promise.all(types), ['at+jwt', 'JWT', 'at+jwt'])
  })
})
