import { type webcrypto, X509Certificate } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'

import { importJWK, importX509, type JWK } from 'jose'

import type { Secret } from '../model/secret.ts'
import { problemWithKey } from '../model/validate-secret.ts'

export interface ClientKey {
  readonly kid: string | undefined
  readonly key: webcrypto.CryptoKey
  /** Milliseconds since the epoch: when a certificate begins and ends to be valid. */
  readonly validity?: { readonly from: number; readonly to: number }
}

interface Import {
  /** Another for each file that is written for a `JsonWebKeyFile`; undefined for keys that cannot change. */
  readonly version: string | undefined
  readonly key: Promise<ClientKey | undefined>
}

const imports = new WeakMap<Secret, Map<string, Import>>()

/**
 * The public key that a secret registers. It is imported once per secret and algorithm, since importing
 * costs more than verifying; a file is read again when it has changed.
 *
 * @returns undefined when the secret is no key, or not for this algorithm, or not for signatures, or a
 *   file that is missing or holds no public key.
 * @see {@link https://www.rfc-editor.org/rfc/rfc7517.html#section-4 RFC 7517 §4}
 */
export async function importClientKey(secret: Secret, alg: string): Promise<ClientKey | undefined> {
  if (secret.type === 'SharedSecret') return undefined
  const byAlgorithm = imports.get(secret) ?? new Map<string, Import>()
  imports.set(secret, byAlgorithm)

  const version = secret.type === 'JsonWebKeyFile' ? await versionOf(secret.value) : undefined
  const known = byAlgorithm.get(alg)
  if (known !== undefined && known.version === version) return known.key
  const key = importKey(secret, alg).catch(() => undefined)
  byAlgorithm.set(alg, { version, key })
  return key
}

/** A file that takes the place of another may be written in the same tick of the clock. */
async function versionOf(file: string): Promise<string> {
  try {
    const { ino, ctimeNs } = await stat(file, { bigint: true })
    return `${ino} ${ctimeNs}`
  } catch {
    return 'none'
  }
}

async function importKey({ type, value }: Secret, alg: string): Promise<ClientKey | undefined> {
  if (type === 'X509CertificateBase64') return importCertificate(value, alg)
  const text = type === 'JsonWebKeyFile' ? await readFile(value, 'utf8') : value
  if (problemWithKey(text) !== undefined) return undefined
  const jwk: JWK = JSON.parse(text)
  if ((jwk.alg ?? alg) !== alg || (jwk.use ?? 'sig') !== 'sig') return undefined
  const key = await importJWK(jwk, alg)
  return key instanceof CryptoKey ? { kid: jwk.kid, key } : undefined
}

/** Outside its validity, a certificate says nothing of the key in it (RFC 5280 §4.1.2.5). */
async function importCertificate(value: string, alg: string): Promise<ClientKey> {
  const { validFrom, validTo } = new X509Certificate(pem(value))
  const validity = { from: Date.parse(validFrom), to: Date.parse(validTo) }
  return { kid: undefined, key: await importX509(pem(value), alg), validity }
}

function pem(certificate: string): string {
  return `-----BEGIN CERTIFICATE-----\n${certificate}\n-----END CERTIFICATE-----`
}
