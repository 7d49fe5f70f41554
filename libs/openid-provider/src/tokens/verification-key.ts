import type { webcrypto } from 'node:crypto'

import { errors } from 'jose'

import type { KeyRing } from '../keys/key-ring.ts'

/**
 * Finds the key of this service that a JWT names, for exactly the algorithm it names.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc8725.html#section-3.1 RFC 8725 §3.1}
 */
export function findVerificationKey(keys: KeyRing) {
  return ({ kid, alg }: { kid?: string; alg?: string }): webcrypto.CryptoKey => {
    const key = keys.findKey(kid)
    if (key === undefined || key.alg !== alg) throw new errors.JWKSNoMatchingKey()
    return key.publicKey
  }
}
