import { createPublicKey, type JsonWebKey, type KeyObject, X509Certificate } from 'node:crypto'
import { isAbsolute } from 'node:path'

import type { Secret } from './secret.ts'

const sha256Length = 32
const sha512Length = 64
/** RFC 7518 §3.3 asks for it. */
const minimumRsaBits = 2048

/**
 * What is wrong with a secret, as a sentence that continues from its name, or undefined. Nothing that was
 * found in it is part of the sentence: in whatever place, it may be a secret that nobody hashed.
 */
export function problemWithSecret({ type, value, expiration }: Secret): string | undefined {
  // As JSON has it, a date is a text.
  if (expiration !== undefined && !isDate(expiration)) return 'has an expiration that is no Date'
  switch (type) {
    case 'SharedSecret':
      return problemWithHash(value)
    case 'JsonWebKey':
      return problemWithKey(value)
    case 'JsonWebKeyFile':
      return isAbsolute(value) ? undefined : 'is not the absolute path of a file'
    case 'X509CertificateBase64':
      return problemWithCertificate(value)
    default:
      return 'has an unknown type; SharedSecret, JsonWebKey, JsonWebKeyFile and X509CertificateBase64 exist'
  }
}

function isDate(value: unknown): boolean {
  return value instanceof Date && !Number.isNaN(value.getTime())
}

function problemWithHash(value: string): string | undefined {
  const bytes = Buffer.from(value, 'base64')
  const isHash = bytes.length === sha256Length || bytes.length === sha512Length
  if (isHash && bytes.toString('base64') === value) return undefined
  return 'is not the base64 of a SHA-256 or SHA-512; write sharedSecret(sha256(secret))'
}

/** What is wrong with the text of a public JSON Web Key, or undefined. */
export function problemWithKey(value: string): string | undefined {
  let key: unknown
  try {
    key = JSON.parse(value)
  } catch {
    return 'is not JSON; a JSON Web Key (RFC 7517) is expected'
  }
  if (typeof key !== 'object' || key === null || !('kty' in key))
    return 'is no JSON Web Key: no kty'
  if ('d' in key) return 'holds a private key; register its public half alone'
  if (!['RSA', 'EC', 'OKP'].includes(String(key.kty)))
    return 'has another kty than RSA, EC and OKP; only public keys can be registered'
  try {
    return problemWithStrength(createPublicKey({ key: key as JsonWebKey, format: 'jwk' }))
  } catch {
    return 'is no complete JSON Web Key'
  }
}

function problemWithCertificate(value: string): string | undefined {
  try {
    return problemWithStrength(new X509Certificate(Buffer.from(value, 'base64')).publicKey)
  } catch {
    return 'is not the base64 of a DER certificate'
  }
}

function problemWithStrength({ asymmetricKeyDetails }: KeyObject): string | undefined {
  const bits = asymmetricKeyDetails?.modulusLength ?? minimumRsaBits
  return bits < minimumRsaBits ? `is an RSA key of ${bits} bits; 2048 are the least` : undefined
}
