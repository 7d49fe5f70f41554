import type { webcrypto } from 'node:crypto'

/** How WebCrypto makes keys for a JWS algorithm, and signs with them. */
interface SigningAlgorithm {
  readonly generate: webcrypto.RsaHashedKeyGenParams | webcrypto.EcKeyGenParams
  readonly sign: webcrypto.AlgorithmIdentifier | webcrypto.RsaPssParams | webcrypto.EcdsaParams
}

const rsa = (name: string, hash: string) => ({
  name,
  hash,
  modulusLength: 2048,
  publicExponent: Uint8Array.of(1, 0, 1),
})

/**
 * The algorithms the token service can sign with: asymmetric ones alone, so that whoever verifies a
 * token cannot make one.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc7518.html#section-3.1 RFC 7518 §3.1}
 */
export const signingAlgorithms = {
  RS256: { generate: rsa('RSASSA-PKCS1-v1_5', 'SHA-256'), sign: { name: 'RSASSA-PKCS1-v1_5' } },
  PS256: { generate: rsa('RSA-PSS', 'SHA-256'), sign: { name: 'RSA-PSS', saltLength: 32 } },
  ES256: {
    generate: { name: 'ECDSA', namedCurve: 'P-256' },
    sign: { name: 'ECDSA', hash: 'SHA-256' },
  },
  ES384: {
    generate: { name: 'ECDSA', namedCurve: 'P-384' },
    sign: { name: 'ECDSA', hash: 'SHA-384' },
  },
} as const satisfies Record<string, SigningAlgorithm>

export type SigningAlgorithmName = keyof typeof signingAlgorithms
