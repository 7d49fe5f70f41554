import assert from 'node:assert/strict'
import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { describe, it } from 'node:test'

import { SignJWT } from 'jose'

import { pushedRequestExample, requestObjectExample } from '../../test-support/signed-examples.ts'
import { jsonWebKey } from '../model/secret.ts'
import { clientSigningAlgorithms, verifyWithClientKeys } from './client-keys.ts'

/** The example of RFC 7515: what it says, and its keys (appendices A.2.1 and A.3.1). */
const payload =
  'eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ'
const exp = 1300819380
const rsaKey = {
  kty: 'RSA',
  n:
    'ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4' +
    'd4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5re' +
    'xMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxX' +
    'FvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ',
  e: 'AQAB',
}
const ecKey = {
  kty: 'EC',
  crv: 'P-256',
  x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
  y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
}
const rs256 =
  'cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5ju' +
  'jGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07' +
  'Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipU' +
  'TI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw'
const es256 =
  'DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q'

const requirements = { types: ['JWT'], requiredClaims: ['exp'], clockTolerance: 60 }
const before = { ...requirements, now: (exp - 1) * 1000 }

describe('verifyWithClientKeys', () => {
  for (const [name, jwt, key] of [
    ['RS256 (appendix A.2)', `eyJhbGciOiJSUzI1NiJ9.${payload}.${rs256}`, rsaKey],
    ['ES256 (appendix A.3)', `eyJhbGciOiJFUzI1NiJ9.${payload}.${es256}`, ecKey],
  ] as const)
    it(`verifies the example of RFC 7515 for ${name}, until it expires`, async () => {
      const secrets = [jsonWebKey(key)]

      const claims = await verifyWithClientKeys(jwt, secrets, before)

      assert.deepEqual(claims, { iss: 'joe', exp, 'http://example.com/is_root': true })
      await assert.rejects(
        verifyWithClientKeys(jwt, secrets, { ...requirements, now: (exp + 60) * 1000 }),
        { code: 'ERR_JWT_EXPIRED' },
      )
    })

  it('refuses the example with one bit of the signature changed', async () => {
    const jwt = `eyJhbGciOiJFUzI1NiJ9.${payload}.${es256.replace('DtE', 'DtF')}`

    await assert.rejects(verifyWithClientKeys(jwt, [jsonWebKey(ecKey)], before), {
      code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
    })
  })

  it('refuses the example of RFC 7515 for HS256 (appendix A.1)', async () => {
    const jwt = `eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.${payload}.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk`

    await assert.rejects(verifyWithClientKeys(jwt, [jsonWebKey(ecKey)], before), {
      code: 'ERR_JOSE_ALG_NOT_ALLOWED',
    })
  })

  it('refuses the example of RFC 7515 that is not signed (appendix A.5)', async () => {
    const jwt = `eyJhbGciOiJub25lIn0.${payload}.`

    await assert.rejects(verifyWithClientKeys(jwt, [jsonWebKey(rsaKey)], before), {
      code: 'ERR_JOSE_ALG_NOT_ALLOWED',
    })
  })

  it('verifies the client assertion that RFC 9126 pushes its request with (§2.1)', async () => {
    const { key, assertion } = pushedRequestExample
    const now = 1625869676_000

    const claims = await verifyWithClientKeys(assertion, [jsonWebKey(key)], {
      ...requirements,
      now,
    })

    assert.deepEqual(claims, {
      iss: 's6BhdRkqt3',
      sub: 's6BhdRkqt3',
      aud: 'https://server.example.com',
      exp: 1625869677,
    })
  })

  const requestObjects = [
    ['RFC 9101 §4', requestObjectExample, pushedRequestExample],
    ['RFC 9126 §3', pushedRequestExample, requestObjectExample],
  ] as const
  for (const [section, { object, key, claims }, other] of requestObjects) {
    it(`verifies the request object of ${section}`, async () => {
      const lenient = { ...before, requiredClaims: [] }

      assert.deepEqual(await verifyWithClientKeys(object, [jsonWebKey(key)], lenient), claims)
    })

    it(`refuses the request object of ${section} with another key of that kid`, async () => {
      assert.equal(other.key.kid, key.kid)
      await assert.rejects(verifyWithClientKeys(object, [jsonWebKey(other.key)], before), {
        code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED',
      })
    })

    it(`refuses the request object of ${section} for want of an exp`, async () => {
      await assert.rejects(verifyWithClientKeys(object, [jsonWebKey(key)], before), {
        code: 'ERR_JWT_CLAIM_VALIDATION_FAILED',
        claim: 'exp',
      })
    })
  }

  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const keyPairs = new Map([
    ['ES256', generateKeyPairSync('ec', { namedCurve: 'P-256' })],
    ['ES384', generateKeyPairSync('ec', { namedCurve: 'P-384' })],
    ['ES512', generateKeyPairSync('ec', { namedCurve: 'P-521' })],
    ['EdDSA', generateKeyPairSync('ed25519')],
    ['Ed25519', generateKeyPairSync('ed25519')],
  ])

  for (const alg of clientSigningAlgorithms)
    it(`verifies ${alg}, as the metadata says, also when the key allows nothing else`, async () => {
      const { privateKey, publicKey } = keyPairs.get(alg) ?? rsa
      const jwt = await signWith(privateKey, alg)
      const jwk = publicKey.export({ format: 'jwk' })

      for (const key of [jwk, { ...jwk, alg }])
        assert.equal((await verifyWithClientKeys(jwt, [jsonWebKey(key)], before)).exp, exp)
    })
})

function signWith(key: KeyObject, alg: string): Promise<string> {
  return new SignJWT({ exp }).setProtectedHeader({ alg }).sign(key)
}
