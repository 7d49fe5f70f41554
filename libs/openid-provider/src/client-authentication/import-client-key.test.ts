import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'

import { SignJWT } from 'jose'

import { clientJwk } from '../../test-support/client-assertion.ts'
import { selfSignedCertificate } from '../../test-support/self-signed-certificate.ts'
import {
  jsonWebKey,
  jsonWebKeyFile,
  sha256,
  sharedSecret,
  x509Certificate,
} from '../model/secret.ts'
import { verifyWithClientKeys } from './client-keys.ts'
import { importClientKey } from './import-client-key.ts'

describe('importClientKey', () => {
  it('imports a key once for each algorithm', async () => {
    const secret = jsonWebKey(clientJwk)

    const first = await importClientKey(secret, 'ES256')

    assert.equal(first?.kid, 'client-key')
    assert.equal(await importClientKey(secret, 'ES256'), first)
    assert.equal(await importClientKey(secret, 'ES384'), undefined)
    assert.equal(await importClientKey(secret, 'ES256'), first)
  })

  it('reads a file again when it has changed, and only then', async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'keys-'))
    t.after(() => rmSync(folder, { recursive: true }))
    const file = join(folder, 'client.jwk')
    const secret = jsonWebKeyFile(file)

    assert.equal(await importClientKey(secret, 'ES256'), undefined)
    writeFileSync(file, JSON.stringify(clientJwk))
    const first = await importClientKey(secret, 'ES256')
    assert.equal(await importClientKey(secret, 'ES256'), first)
    rmSync(file)
    assert.equal(await importClientKey(secret, 'ES256'), undefined)
    assert.equal(first?.kid, 'client-key')
  })

  it('finds no key in a shared secret', async () => {
    assert.equal(await importClientKey(sharedSecret(sha256('secret')), 'ES256'), undefined)
  })
})

describe('a certificate outside its validity', () => {
  // The certificate of the tests is valid from 2025 to 2049.
  for (const [when, now] of [
    ['before it begins', Date.UTC(2024, 11, 31)],
    ['after it has ended', Date.UTC(2050, 0, 1)],
  ] as const)
    it(`verifies nothing ${when}`, async () => {
      const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
      const secret = x509Certificate(selfSignedCertificate(privateKey, publicKey))
      const exp = Math.floor(now / 1000) + 60
      const jwt = await new SignJWT({ exp }).setProtectedHeader({ alg: 'ES256' }).sign(privateKey)
      const requirements = { types: ['JWT'], requiredClaims: ['exp'], clockTolerance: 60, now }

      await assert.rejects(verifyWithClientKeys(jwt, [secret], requirements), {
        code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
      })
    })
})
