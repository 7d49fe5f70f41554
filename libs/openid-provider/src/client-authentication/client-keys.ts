import type { webcrypto } from 'node:crypto'

import {
  decodeProtectedHeader,
  errors,
  importJWK,
  importX509,
  type JWK,
  type JWTPayload,
  type JWTVerifyOptions,
  jwtVerify,
} from 'jose'

import type { RegisteredClient } from '../model/client.ts'
import { isCurrent, type Secret } from '../model/secret.ts'

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
  client: RegisteredClient,
  requirements: ClientJwtRequirements,
): Promise<JWTPayload> {
  const { alg, kid, typ } = decodeProtectedHeader(jwt)
  if (alg === undefined || !clientSigningAlgorithms.includes(alg))
    throw new errors.JOSEAlgNotAllowed(`alg ${alg} is not allowed`)
  if (typ !== undefined && !requirements.types.some((type) => isMediaType(typ, type)))
    throw new errors.JWTInvalid(`typ ${typ} is not allowed here`)

  const keys = await keysFor(client.clientSecrets, alg, kid, requirements.now)
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
    'unknown client, or the assertion is not signed with one of its keys',
  )
}

/** Media types are compared without case, and `application/` may be left out (RFC 7515 §4.1.9). */
function isMediaType(typ: string, expected: string): boolean {
  return typ.toLowerCase().replace(/^application\//, '') === expected.toLowerCase()
}

interface ClientKey {
  readonly kid: string | undefined
  readonly key: webcrypto.CryptoKey
}

/** Keys imported once per secret and algorithm, since importing costs more than verifying. */
const importedKeys = new WeakMap<Secret, Map<string, Promise<ClientKey | undefined>>>()

async function keysFor(
  secrets: readonly Secret[],
  alg: string,
  kid: string | undefined,
  now: number,
): Promise<webcrypto.CryptoKey[]> {
  const current = secrets.filter((secret) => isCurrent(secret, now))
  const keys = await Promise.all(current.map((secret) => importOnce(secret, alg)))
  return keys
    .filter((candidate) => candidate !== undefined)
    .filter((candidate) => [undefined, kid].includes(candidate.kid) || kid === undefined)
    .map(({ key }) => key)
}

function importOnce(secret: Secret, alg: string): Promise<ClientKey | undefined> {
  const byAlgorithm = importedKeys.get(secret) ?? new Map<string, Promise<ClientKey | undefined>>()
  importedKeys.set(secret, byAlgorithm)
  const key = byAlgorithm.get(alg) ?? importKey(secret, alg)
  byAlgorithm.set(alg, key)
  return key
}

/** Undefined when the secret is no key, or its key is not for this algorithm or not for signatures. */
async function importKey({ type, value }: Secret, alg: string): Promise<ClientKey | undefined> {
  try {
    if (type === 'SharedSecret') return undefined
    if (type === 'X509CertificateBase64')
      return { kid: undefined, key: await importX509(pem(value), alg) }
    const jwk: JWK = JSON.parse(value)
    if ((jwk.alg ?? alg) !== alg || (jwk.use ?? 'sig') !== 'sig') return undefined
    const key = await importJWK(jwk, alg)
    return key instanceof CryptoKey ? { kid: jwk.kid, key } : undefined
  } catch {
    return undefined
  }
}

function pem(certificate: string): string {
  return `-----BEGIN CERTIFICATE-----\n${certificate}\n-----END CERTIFICATE-----`
}
