import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'

import { compactVerify, SignJWT } from 'jose'

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

/** What RFC 7520 §4 signs, the keys of §3.1 and §3.3, and the signatures of §4.1 to §4.3. */
const cookbook = {
  header: (alg: string) =>
    Buffer.from(`{"alg":"${alg}","kid":"bilbo.baggins@hobbiton.example"}`).toString('base64url'),
  payload:
    'SXTigJlzIGEgZGFuZ2Vyb3VzIGJ1c2luZXNzLCBGcm9kbywgZ29pbmcgb3V0IHlvdXIgZG9vci4gWW91IHN0ZXAgb250byB0' +
    'aGUgcm9hZCwgYW5kIGlmIHlvdSBkb24ndCBrZWVwIHlvdXIgZmVldCwgdGhlcmXigJlzIG5vIGtub3dpbmcgd2hlcmUgeW91' +
    'IG1pZ2h0IGJlIHN3ZXB0IG9mZiB0by4',
  rsaKey: {
    kty: 'RSA',
    kid: 'bilbo.baggins@hobbiton.example',
    use: 'sig',
    n:
      'n4EPtAOCc9AlkeQHPzHStgAbgs7bTZLwUBZdR8_KuKPEHLd4rHVTeT-O-XV2jRojdNhxJWTDvNd7nqQ0VEiZQHz_AJmS' +
      'CpMaJMRBSFKrKb2wqVwGU_NsYOYL-QtiWN2lbzcEe6XC0dApr5ydQLrHqkHHig3RBordaZ6Aj-oBHqFEHYpPe7Tpe-Of' +
      'VfHd1E6cS6M1FZcD1NNLYD5lFHpPI9bTwJlsde3uhGqC0ZCuEHg8lhzwOHrtIQbS0FVbb9k3-tVTU4fg_3L_vniUFAKw' +
      'uCLqKnS2BYwdq_mzSnbLY7h_qixoR7jig3__kRhuaxwUkRz5iaiQkqgc5gHdrNP5zw',
    e: 'AQAB',
  },
  ecKey: {
    kty: 'EC',
    kid: 'bilbo.baggins@hobbiton.example',
    use: 'sig',
    crv: 'P-521',
    x: 'AHKZLLOsCOzz5cY97ewNUajB957y-C-U88c3v13nmGZx6sYl_oJXu9A5RkTKqjqvjyekWF-7ytDyRXYgCF5cj0Kt',
    y: 'AdymlHvOiLxXkEhayXQnNCvDX4h9htZaCJN34kfmC6pV5OhQHiraVySsUdaQkAgDPrwQrJmbnX9cwlGfP-HqHZR1',
  },
  rs256:
    'MRjdkly7_-oTPTS3AXP41iQIGKa80A0ZmTuV5MEaHoxnW2e5CZ5NlKtainoFmKZopdHM1O2U4mwzJdQx996ivp83xuglII7P' +
    'NDi84wnB-BDkoBwA78185hX-Es4JIwmDLJK3lfWRa-XtL0RnltuYv746iYTh_qHRD68BNt1uSNCrUCTJDt5aAE6x8wW1Kt9e' +
    'Ro4QPocSadnHXFxnt8Is9UzpERV0ePPQdLuW3IS_de3xyIrDaLGdjluPxUAhb6L2aXic1U12podGU0KLUQSE_oI-ZnmKJ3F4' +
    'uOZDnd6QZWJushZ41Axf_fcIe8u9ipH84ogoree7vjbU5y18kDquDg',
  ps384:
    'cu22eBqkYDKgIlTpzDXGvaFfz6WGoz7fUDcfT0kkOy42miAh2qyBzk1xEsnk2IpN6-tPid6VrklHkqsGqDqHCdP6O8TTB5dD' +
    'DItllVo6_1OLPpcbUrhiUSMxbbXUvdvWXzg-UD8biiReQFlfz28zGWVsdiNAUf8ZnyPEgVFn442ZdNqiVJRmBqrYRXe8P_ij' +
    'Q7p8Vdz0TTrxUeT3lm8d9shnr2lfJT8ImUjvAA2Xez2Mlp8cBE5awDzT0qI0n6uiP1aCN_2_jLAeQTlqRHtfa64QQSUmFAAj' +
    'VKPbByi7xho0uTOcbH510a6GYmJUAfmWjwZ6oD4ifKo8DYM-X72Eaw',
  es512:
    'AE_R_YZCChjn4791jSQCrdPZCNYqHXCTZH0-JZGYNlaAjP2kqaluUIIUnC9qvbu9Plon7KRTzoNEuT4Va2cmL1eJAQy3mtPB' +
    'u_u_sDDyYjnAMDxXPn7XrT0lw-kvAD890jl8e2puQens_IEKBpHABlsbEPX6sFY8OcGDqoRuBomu9xQ2',
}

describe('importClientKey', () => {
  for (const [alg, jwk, signature] of [
    ['RS256', cookbook.rsaKey, cookbook.rs256],
    ['PS384', cookbook.rsaKey, cookbook.ps384],
    ['ES512', cookbook.ecKey, cookbook.es512],
  ] as const)
    it(`imports the key that verifies the example of RFC 7520 for ${alg}`, async () => {
      const imported = await importClientKey(jsonWebKey(jwk), alg)

      const { key, kid } = imported ?? assert.fail()
      const jws = `${cookbook.header(alg)}.${cookbook.payload}.${signature}`
      const { payload } = await compactVerify(jws, key)
      assert.equal(kid, 'bilbo.baggins@hobbiton.example')
      assert.match(Buffer.from(payload).toString(), /^It’s a dangerous business, Frodo/)
    })

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
