import assert from 'node:assert/strict'
import crypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'
import { describe, it, type TestContext } from 'node:test'

import {
  jsonWebKey,
  jsonWebKeyFile,
  matchesSharedSecret,
  type Secret,
  sha256,
  sha512,
  sharedSecret,
  x509Certificate,
} from './secret.ts'

const now = Date.UTC(2030, 0, 1)
const secret = [sharedSecret(sha256('secret'))]

describe('sha256 and sha512', () => {
  it('hash the examples of FIPS 180', () => {
    assert.equal(sha256('abc'), 'ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=')
    assert.equal(
      sha512('abc'),
      '3a81oZNherrMQXNJriBBMRLm+k6JqX6iCp7u5ktV05ohkpkqJ0/BqDa6PCOj/uu9RU1EI2Q86A4qmslPpUyknw==',
    )
  })

  it('hash "secret" as the documents of the original do', () => {
    assert.equal(sha256('secret'), 'K7gNU3sdo+OL0wNhqoVWhr3g6s1xYv72ol/pe/Unols=')
  })
})

describe('x509Certificate', () => {
  it('takes the base64 out of its frame', () => {
    const pem = '-----BEGIN CERTIFICATE-----\nMIIB\nAQ==\n-----END CERTIFICATE-----\n'

    assert.equal(x509Certificate(pem).value, 'MIIBAQ==')
    assert.equal(x509Certificate('MIIBAQ==').value, 'MIIBAQ==')
  })
})

describe('matchesSharedSecret', () => {
  it('finds a secret among several, whichever hash it is registered with', () => {
    const secrets = [sharedSecret(sha256('one')), sharedSecret(sha512('two'))]

    assert.equal(matchesSharedSecret(secrets, 'one', now), true)
    assert.equal(matchesSharedSecret(secrets, 'two', now), true)
    assert.equal(matchesSharedSecret(secrets, 'three', now), false)
  })

  it('compares the whole hash', () => {
    const [registered = ''] = secret.map(({ value }) => value)
    const lastBitChanged = Buffer.from(registered, 'base64')
    lastBitChanged[31] = (lastBitChanged[31] ?? 0) ^ 1

    const other = [sharedSecret(lastBitChanged.toString('base64'))]

    assert.equal(matchesSharedSecret(other, 'secret', now), false)
  })

  it('does not take the hash for the secret', () => {
    assert.equal(matchesSharedSecret(secret, sha256('secret'), now), false)
  })

  it('refuses a secret from the moment it expires', () => {
    const secrets = [sharedSecret(sha256('secret'), { expiration: new Date(now) })]

    assert.equal(matchesSharedSecret(secrets, 'secret', now - 1), true)
    assert.equal(matchesSharedSecret(secrets, 'secret', now), false)
  })

  it('takes no public key for a secret', () => {
    const value = sha256('secret')
    const keys: Secret[] = [
      { type: 'JsonWebKey', value },
      { type: 'JsonWebKeyFile', value },
      { type: 'X509CertificateBase64', value },
    ]

    assert.equal(matchesSharedSecret(keys, 'secret', now), false)
  })

  it('takes 100 characters and no more', () => {
    const secrets = [sharedSecret(sha256('s'.repeat(100))), sharedSecret(sha256('s'.repeat(101)))]

    assert.equal(matchesSharedSecret(secrets, 's'.repeat(100), now), true)
    assert.equal(matchesSharedSecret(secrets, 's'.repeat(101), now), false)
  })

  it('knows no secret that is right when none is registered', () => {
    assert.equal(matchesSharedSecret(undefined, 'decoy', now), false)
    assert.equal(matchesSharedSecret([], 'decoy', now), false)
  })

  for (const [client, secrets] of [
    ['an unknown client', undefined],
    ['a client without secrets', []],
    ['a client whose secret has expired', [{ ...secret[0], expiration: new Date(now) }]],
    ['a client with keys alone', [jsonWebKey({ kty: 'EC' }), jsonWebKeyFile('/key.jwk')]],
  ] as [string, Secret[] | undefined][])
    it(`does as much work for ${client} as for a wrong secret`, (t) => {
      const wrongSecret = countWork(t, () => matchesSharedSecret(secret, 'nope', now))

      const work = countWork(t, () => matchesSharedSecret(secrets, 'nope', now))

      assert.deepEqual(work, { hashes: 1, comparisons: 1 })
      assert.deepEqual(work, wrongSecret)
    })

  it('makes each hash once, however many secrets are registered', (t) => {
    const registered = ['a', 'b', 'c'].map((text) => sharedSecret(sha256(text)))
    const secrets = [...registered, sharedSecret(sha512('d'))]

    const work = countWork(t, () => matchesSharedSecret(secrets, 'nope', now))

    assert.deepEqual(work, { hashes: 2, comparisons: 4 })
  })
})

/** How often the two costly functions of node:crypto run. */
function countWork(t: TestContext, work: () => void) {
  const hash = t.mock.method(crypto, 'hash')
  const timingSafeEqual = t.mock.method(crypto, 'timingSafeEqual')
  syncBuiltinESMExports()
  work()
  t.mock.restoreAll()
  syncBuiltinESMExports()
  return { hashes: hash.mock.callCount(), comparisons: timingSafeEqual.mock.callCount() }
}
