import type { webcrypto } from 'node:crypto'

import {
  decodeProtectedHeader,
  errors,
  type JWTPayload,
  type JWTVerifyOptions,
  jwtVerify,
  type ProtectedHeaderParameters,
} from 'jose'

import { isCurrent, type Secret } from '../model/secret.ts'
import { importClientKey } from './import-client-key.ts'

/**
 * The algorithms a client may sign with. All are asymmetric: with a MAC, the public key that is
 * registered could be used as the secret.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc8725.html#section-3.1 RFC 8725 §3.1}
 */
export const clientSigningAlgorithms = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
]

export interface ClientJwtRequirements {
  /** Values of `typ`, besides none, that the JWT may have. */
  readonly types: readonly string[]
  readonly requiredClaims: string[]
  /** Seconds. */
  readonly clockTolerance: number
  /** Milliseconds since the epoch. */
  readonly now: number
}

/**
 * Verifies a JWT that a client signed with one of its registered keys, and its `exp` and `nbf`. The
 * caller checks for whom it is and what it says.
 *
 * @throws {errors.JOSEError} saying what is wrong with it.
 * @see {@link https://www.rfc-editor.org/rfc/rfc8725.html#section-3 RFC 8725 §3}
 */
export async function verifyWithClientKeys(
  jwt: string,
  secrets: readonly Secret[],
  requirements: ClientJwtRequirements,
): Promise<JWTPayload> {
  const { alg, kid, typ } = readHeader(jwt)
  if (alg === undefined || !clientSigningAlgorithms.includes(alg))
    throw new errors.JOSEAlgNotAllowed(`alg ${alg} is not allowed`)
  if (typ !== undefined && !requirements.types.some((type) => isMediaType(typ, type)))
    throw new errors.JWTInvalid(`typ ${typ} is not allowed here`)

  const keys = await keysFor(secrets, alg, kid, requirements.now)
  const options: JWTVerifyOptions = {
    algorithms: [alg],
    requiredClaims: requirements.requiredClaims,
    clockTolerance: requirements.clockTolerance,
    currentDate: new Date(requirements.now),
  }
  for (const key of keys) {
    try {
      return (await jwtVerify(jwt, key, options)).payload
    } catch (error) {
      if (!(error instanceof errors.JWSSignatureVerificationFailed)) throw error
    }
  }
  throw new errors.JWSSignatureVerificationFailed(
    'unknown client, or not signed with a key that it registered for this alg and kid',
  )
}

function readHeader(jwt: string): ProtectedHeaderParameters {
  try {
    return decodeProtectedHeader(jwt)
  } catch (cause) {
    throw new errors.JWTInvalid('its header is not a JSON object in base64url', { cause })
  }
}

/** Media types are compared without case, and `application/` may be left out (RFC 7515 §4.1.9). */
function isMediaType(typ: unknown, expected: string): boolean {
  if (typeof typ !== 'string') return false
  return typ.toLowerCase().replace(/^application\//, '') === expected.toLowerCase()
}

async function keysFor(
  secrets: readonly Secret[],
  alg: string,
  kid: string | undefined,
  now: number,
): Promise<webcrypto.CryptoKey[]> {
  const current = secrets.filter((secret) => isCurrent(secret, now))
  const keys = await Promise.all(current.map((secret) => importClientKey(secret, alg)))
  return keys
    .filter((candidate) => candidate !== undefined)
    .filter(
      ({ validity }) => validity === undefined || (validity.from <= now && now <= validity.to),
    )
    .filter((candidate) => kid === undefined || [undefined, kid].includes(candidate.kid))
    .map(({ key }) => key)
}
