import { generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto'

import { type JWTHeaderParameters, SignJWT } from 'jose'

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })

/** The key pair of the client `jwt`: the test signs with one half, the other is registered. */
export const clientKey = privateKey
export const clientJwk = { ...publicKey.export({ format: 'jwk' }), kid: 'client-key' }

export const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/** What a test changes about an assertion that is in order; undefined leaves a claim out. */
export interface AssertionChanges {
  claims?: Record<string, unknown>
  header?: Partial<JWTHeaderParameters>
  key?: KeyObject | Uint8Array
}

/**
 * Signs the assertion of a client for the server at `issuer`.
 *
 * @param now milliseconds since the epoch
 */
export async function signAssertion(
  issuer: string,
  now: number,
  { claims = {}, header = {}, key = clientKey }: AssertionChanges = {},
): Promise<string> {
  const iat = Math.floor(now / 1000)
  const standard = { iss: 'jwt', sub: 'jwt', aud: issuer, jti: randomUUID(), iat, exp: iat + 60 }
  return new SignJWT({ ...standard, ...claims })
    .setProtectedHeader({ alg: 'ES256', ...header })
    .sign(key, { crit: Object.fromEntries((header.crit ?? []).map((name) => [name, true])) })
}

/** The parameters that authenticate a token request with an assertion. */
export function withAssertion(client_assertion: string) {
  return {
    grant_type: 'client_credentials',
    client_assertion_type: assertionType,
    client_assertion,
  }
}
