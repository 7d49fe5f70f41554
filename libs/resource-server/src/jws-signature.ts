import type { webcrypto } from 'node:crypto'

import type { CryptoKey } from 'jose'

import type { CompactJws } from './compact-jws.ts'

type Verification = webcrypto.AlgorithmIdentifier | webcrypto.RsaPssParams | webcrypto.EcdsaParams

const pkcs1: Verification = { name: 'RSASSA-PKCS1-v1_5' }
const pss = (saltLength: number): Verification => ({ name: 'RSA-PSS', saltLength })
const ecdsa = (hash: string): Verification => ({ name: 'ECDSA', hash })
const ed25519: Verification = { name: 'Ed25519' }

/**
 * How WebCrypto is told to verify each accepted algorithm. Asymmetric ones only: whoever can check a token
 * must not be able to make one. And with an HMAC among them, the issuer's public key, which everyone has,
 * would pass for a secret (RFC 8725 §2.1).
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc7518.html#section-3.1 RFC 7518 §3.1}
 * @see {@link https://www.rfc-editor.org/rfc/rfc9864.html#section-2.2 RFC 9864 §2.2}
 */
const verifications: ReadonlyMap<unknown, Verification> = new Map([
  ['RS256', pkcs1],
  ['RS384', pkcs1],
  ['RS512', pkcs1],
  ['PS256', pss(32)],
  ['PS384', pss(48)],
  ['PS512', pss(64)],
  ['ES256', ecdsa('SHA-256')],
  ['ES384', ecdsa('SHA-384')],
  ['ES512', ecdsa('SHA-512')],
  ['EdDSA', ed25519],
  ['Ed25519', ed25519],
])

/** Whether a header names an algorithm with which a token may be signed. */
export function hasAcceptedAlgorithm({ alg }: CompactJws['header']): boolean {
  return verifications.has(alg)
}

/**
 * Verifies a signature with the key that was found for its header, which belongs to the algorithm in it.
 *
 * It is what `jwtVerify` of `jose` comes to, whose way there costs a token of ES256 another third of what its
 * signature does. `jose` finds and imports the key, which is done once; beside-jose.test.ts has both accept the same.
 *
 * @throws {TypeError} when the issuer has a key that RFC 7518 §3.3 forbids.
 * @see {@link https://www.rfc-editor.org/rfc/rfc7515.html#section-5.2 RFC 7515 §5.2}, step 8
 */
export async function hasSignatureOf(
  key: CryptoKey,
  { header, signingInput, signature }: CompactJws,
): Promise<boolean> {
  const verification = verifications.get(header.alg)
  if (verification === undefined) return false
  requireLength(key)
  return crypto.subtle.verify(verification, key, signature, Buffer.from(signingInput))
}

/** @see {@link https://www.rfc-editor.org/rfc/rfc7518.html#section-3.3 RFC 7518 §3.3} */
function requireLength({ algorithm }: CryptoKey): void {
  if ('modulusLength' in algorithm && Number(algorithm.modulusLength) < 2048)
    throw new TypeError(`the issuer has an RSA key of ${algorithm.modulusLength} bits, not of 2048`)
}
