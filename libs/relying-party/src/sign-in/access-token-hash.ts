import { hash } from 'node:crypto'
import { decodeJwt, decodeProtectedHeader } from 'jose'

import { ProblemError } from '../problems/problem.ts'
import { untrusted } from '../problems/read-problem.ts'

/**
 * Checks that the access token is the one that the ID Token was issued with, if the ID Token says so: one
 * that was slipped in beside it belongs to somebody else.
 *
 * @param id_token Already validated: this reads it only.
 * @throws {ProblemError} when it is another.
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#CodeFlowTokenValidation OIDC Core §3.1.3.8}
 */
export function validateAccessTokenHash(access_token: string, id_token: string): void {
  const { at_hash } = decodeJwt(id_token)
  if (at_hash === undefined) return
  const { alg = '' } = decodeProtectedHeader(id_token)
  if (at_hash !== createTokenHash(access_token, alg))
    throw new ProblemError({ ...untrusted, detail: '"at_hash" is not of the access token' })
}

/**
 * The left half of the token's hash, by the hash function of the algorithm that the ID Token is signed with:
 * it ends with the function's length, except that Ed25519 means SHA-512.
 *
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#CodeIDToken OIDC Core §3.1.3.6}
 */
function createTokenHash(token: string, alg: string): string | undefined {
  const [length] = ['EdDSA', 'Ed25519'].includes(alg) ? ['512'] : (/(256|384|512)$/.exec(alg) ?? [])
  if (length === undefined) return undefined
  const digest = hash(`sha${length}`, token, 'buffer')
  return digest.subarray(0, digest.length / 2).toString('base64url')
}
