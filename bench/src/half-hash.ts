import { hash } from 'node:crypto'

/**
 * The left half of the SHA-256 of a value, in base64url: what an ID Token that is signed with RS256 or ES256 says in
 * `at_hash` and `c_hash` of what came with it.
 *
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#CodeIDToken OIDC Core §3.1.3.6}
 */
export function halfHash(value: string): string {
  return hash('sha256', value, 'buffer').subarray(0, 16).toString('base64url')
}
