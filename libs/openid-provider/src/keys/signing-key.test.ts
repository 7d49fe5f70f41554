import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { describe, it } from 'node:test'

import { importJWK, type JWK, jwtVerify } from 'jose'

import { type SigningAlgorithmName, signingAlgorithms } from './signing-algorithms.ts'
import { generateKey, importSigningKey } from './signing-key.ts'

const created = Date.UTC(2030, 0, 1)

/** RFC 7638 §3.1. */
const example = {
  key: {
    kty: 'RSA',
    n:
      '0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECP' +
      'ebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY' +
      '368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0f' +
      'M4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw',
    e: 'AQAB',
    alg: 'RS256',
    kid: '2011-04-29',
  },
  thumbprint: 'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs',
}

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

  for (const [alg, members] of [
    ['RS256', ['e', 'kty', 'n']],
    ['ES256', ['crv', 'kty', 'x', 'y']],
  ] as [SigningAlgorithmName, string[]][])
    it(`is named by its thumbprint (${alg})`, async () => {
      const stored = await generateKey(alg, created)

      assert.equal(thumbprint(example.key, ['e', 'kty', 'n']), example.thumbprint)
      assert.equal(stored.kid, thumbprint(stored.jwk, members))
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

/** Of the members that the key type requires, in their order (RFC 7638 §3.2, §3.3). */
function thumbprint(jwk: JWK, members: string[]): string {
  return hash('sha256', JSON.stringify(jwk, members), 'base64url')
}
