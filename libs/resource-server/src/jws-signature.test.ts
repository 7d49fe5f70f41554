import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { generateKeyPair, importJWK, SignJWT } from 'jose'

import { readCompactJws } from './compact-jws.ts'
import { hasAcceptedAlgorithm, hasSignatureOf } from './jws-signature.ts'

const rfc7520Payload =
  'SXTigJlzIGEgZGFuZ2Vyb3VzIGJ1c2luZXNzLCBGcm9kbywgZ29pbmcgb3V0IHlvdXIgZG9vci4gWW91IHN0ZXAgb250byB0' +
  'aGUgcm9hZCwgYW5kIGlmIHlvdSBkb24ndCBrZWVwIHlvdXIgZmVldCwgdGhlcmXigJlzIG5vIGtub3dpbmcgd2hlcmUgeW91' +
  'IG1pZ2h0IGJlIHN3ZXB0IG9mZiB0by4'

const rfc7515Payload =
  'eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ'

/** What the RFCs print: a public key, and what its other half has signed. */
const examples = [
  {
    where: 'RFC 7515 A.2',
    key: {
      kty: 'RSA',
      n:
        'ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d' +
        '4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexM' +
        'dbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvU' +
        'K-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ',
      e: 'AQAB',
    },
    jws:
      `eyJhbGciOiJSUzI1NiJ9.${rfc7515Payload}.` +
      'cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujG' +
      'bds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K' +
      '0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6' +
      'LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw',
  },
  {
    where: 'RFC 7515 A.3',
    key: {
      kty: 'EC',
      crv: 'P-256',
      x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
      y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
    },
    jws:
      `eyJhbGciOiJFUzI1NiJ9.${rfc7515Payload}.` +
      'DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q',
  },
  {
    where: 'RFC 7515 A.4',
    key: {
      kty: 'EC',
      crv: 'P-521',
      x: 'AekpBQ8ST8a8VcfVOTNl353vSrDCLLJXmPk06wTjxrrjcBpXp5EOnYG_NjFZ6OvLFV1jSfS9tsz4qUxcWceqwQGk',
      y: 'ADSmRA43Z1DSNx_RvcLI87cdL07l6jQyyBXMoxVg_l2Th-x3S1WDhjDly79ajL4Kkd0AZMaZmh9ubmf63e3kyMj2',
    },
    jws:
      'eyJhbGciOiJFUzUxMiJ9.UGF5bG9hZA.' +
      'AdwMgeerwtHoh-l192l60hp9wAHZFVJbLfD_UxMi70cwnZOYaRI1bKPWROc-mZZqwqT2SI-KGDKB34XO0aw_7XdtAG8GaSwF' +
      'KdCAPZgoXD2YBJZCPEX3xKpRwcdOO8KpEHwJjyqOgzDO7iKvU8vcnwNrmxYbSW9ERBXukOXolLzeO_Jn',
  },
  {
    where: 'RFC 7520 §4.2',
    key: {
      kty: 'RSA',
      n:
        'n4EPtAOCc9AlkeQHPzHStgAbgs7bTZLwUBZdR8_KuKPEHLd4rHVTeT-O-XV2jRojdNhxJWTDvNd7nqQ0VEiZQHz_AJmSCp' +
        'MaJMRBSFKrKb2wqVwGU_NsYOYL-QtiWN2lbzcEe6XC0dApr5ydQLrHqkHHig3RBordaZ6Aj-oBHqFEHYpPe7Tpe-OfVfHd' +
        '1E6cS6M1FZcD1NNLYD5lFHpPI9bTwJlsde3uhGqC0ZCuEHg8lhzwOHrtIQbS0FVbb9k3-tVTU4fg_3L_vniUFAKwuCLqKn' +
        'S2BYwdq_mzSnbLY7h_qixoR7jig3__kRhuaxwUkRz5iaiQkqgc5gHdrNP5zw',
      e: 'AQAB',
    },
    jws:
      `eyJhbGciOiJQUzM4NCIsImtpZCI6ImJpbGJvLmJhZ2dpbnNAaG9iYml0b24uZXhhbXBsZSJ9.${rfc7520Payload}.` +
      'cu22eBqkYDKgIlTpzDXGvaFfz6WGoz7fUDcfT0kkOy42miAh2qyBzk1xEsnk2IpN6-tPid6VrklHkqsGqDqHCdP6O8TTB5dD' +
      'DItllVo6_1OLPpcbUrhiUSMxbbXUvdvWXzg-UD8biiReQFlfz28zGWVsdiNAUf8ZnyPEgVFn442ZdNqiVJRmBqrYRXe8P_ij' +
      'Q7p8Vdz0TTrxUeT3lm8d9shnr2lfJT8ImUjvAA2Xez2Mlp8cBE5awDzT0qI0n6uiP1aCN_2_jLAeQTlqRHtfa64QQSUmFAAj' +
      'VKPbByi7xho0uTOcbH510a6GYmJUAfmWjwZ6oD4ifKo8DYM-X72Eaw',
  },
  {
    where: 'RFC 8037 A.4',
    key: { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' },
    jws:
      'eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.' +
      'hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg',
  },
]

/** The JWS and its key, imported for the algorithm in its header. */
async function read(jws: string, jwk: object) {
  const read = readCompactJws(jws) ?? assert.fail('not a JWS')
  const key = await importJWK(jwk, String(read.header.alg))
  if (!('algorithm' in key)) assert.fail('not a public key')
  return { jws: read, key }
}

describe('the signature of a JWS', () => {
  for (const { where, key: jwk, jws: text } of examples)
    it(`is verified as in ${where}`, async () => {
      const { jws, key } = await read(text, jwk)

      assert.ok(await hasSignatureOf(key, jws))
      assert.equal(await hasSignatureOf(key, { ...jws, signature: Buffer.alloc(64) }), false)
      assert.equal(
        await hasSignatureOf(key, { ...jws, signingInput: `${jws.signingInput}A` }),
        false,
      )
    })

  for (const alg of ['RS384', 'RS512', 'PS256', 'PS512', 'ES384', 'Ed25519'])
    it(`is verified when jose has made it with ${alg}`, async () => {
      const { publicKey, privateKey } = await generateKeyPair(alg)
      const text = await new SignJWT({}).setProtectedHeader({ alg }).sign(privateKey)
      const jws = readCompactJws(text) ?? assert.fail('not a JWS')

      assert.ok(await hasSignatureOf(publicKey, jws))
    })

  for (const alg of ['none', 'HS256', 'hs256', 'toString', '', undefined, null, ['ES256']])
    it(`is of no accepted algorithm with ${JSON.stringify(alg)}`, async () => {
      const { publicKey } = await generateKeyPair('ES256')
      const jws = { header: { alg }, payload: 'e30', signingInput: 'e30.e30' }

      assert.equal(hasAcceptedAlgorithm({ alg }), false)
      assert.equal(await hasSignatureOf(publicKey, { ...jws, signature: Buffer.alloc(64) }), false)
    })

  it('is not verified with an RSA key that is too short', async () => {
    const algorithm = {
      name: 'RSASSA-PKCS1-v1_5',
      hash: 'SHA-256',
      modulusLength: 1024,
      publicExponent: Uint8Array.of(1, 0, 1),
    }
    const { publicKey, privateKey } = await crypto.subtle.generateKey(algorithm, true, [
      'sign',
      'verify',
    ])
    const input = `${Buffer.from('{"alg":"RS256"}').toString('base64url')}.e30`
    const signature = await crypto.subtle.sign(algorithm, privateKey, Buffer.from(input))
    const jws = readCompactJws(`${input}.${Buffer.from(signature).toString('base64url')}`)

    await assert.rejects(hasSignatureOf(publicKey, jws ?? assert.fail()), /RSA key of 1024 bits/)
  })
})
