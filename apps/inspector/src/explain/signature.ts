import { readFile } from 'node:fs/promises'

import { issuer as configuredIssuer, publicKeyFile, scenarios } from '@basics/sample-kit'
import {
  type CompactJWSHeaderParameters,
  compactVerify,
  createRemoteJWKSet,
  customFetch,
  decodeJwt,
  errors,
  importJWK,
  type JWK,
} from 'jose'

import { inspectorAgent } from '../recorder/ignored.ts'

export interface Signature {
  readonly verdict: 'valid' | 'invalid' | 'unknown'
  /** Whose key was asked, and what it said. */
  readonly sentence: string
}

export type CheckSignature = (jwt: string) => Promise<Signature>

/**
 * Checks the signatures of JWTs: of the token service's with the keys it publishes, of a sample's with
 * the public key it has registered. Nobody else's keys are looked for: a token says where to look, and
 * may say anything. Times and audience are not looked at; they are for who receives it.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc7515.html#section-5.2 RFC 7515 §5.2}
 */
export function signatureChecks(issuer: string = configuredIssuer): CheckSignature {
  const jwksUri = new URL(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration/jwks`)
  const issuerKeys = createRemoteJWKSet(jwksUri, {
    headers: { 'User-Agent': inspectorAgent },
    timeoutDuration: 2000,
    [customFetch]: (url, options) => fetch(url, { ...options, redirect: 'error' }),
  })

  return async (jwt) => {
    if (jwt.endsWith('.')) return { verdict: 'invalid', sentence: 'It is not signed at all.' }
    const owner = readIssuer(jwt)
    if (owner === issuer) return check(jwt, issuerKeys, "the token service's published key")
    if (!scenarios.some(({ name }) => name === owner))
      return { verdict: 'unknown', sentence: 'Its issuer is nobody whose keys are known here.' }
    return check(jwt, readClientKey(`${owner}`), `the key that ${owner} has registered`)
  }
}

type FindKey = (header?: CompactJWSHeaderParameters) => ReturnType<typeof importJWK>

async function check(jwt: string, findKey: FindKey, keyName: string): Promise<Signature> {
  try {
    const { protectedHeader } = await compactVerify(jwt, async (header) => findKey(header))
    return { verdict: 'valid', sentence: `Valid: ${keyName} (${protectedHeader.kid}) made it.` }
  } catch (error) {
    if (error instanceof errors.JWSSignatureVerificationFailed)
      return { verdict: 'invalid', sentence: `Not valid: ${keyName} did not make it.` }
    const reason = error instanceof Error ? error.message : String(error)
    return { verdict: 'unknown', sentence: `Not checked with ${keyName}: ${reason}.` }
  }
}

function readClientKey(client: string): FindKey {
  return async () => importJWK(JSON.parse(await readFile(publicKeyFile(client), 'utf8')) as JWK)
}

function readIssuer(jwt: string): unknown {
  return decodeJwt(jwt).iss
}
