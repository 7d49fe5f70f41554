import type { webcrypto } from 'node:crypto'

import { calculateJwkThumbprint, type JWK } from 'jose'

import { type SigningAlgorithmName, signingAlgorithms } from './signing-algorithms.ts'

/** A key pair as it is stored: the private JWK, and when it was made. */
export interface StoredKey {
  readonly kid: string
  readonly alg: SigningAlgorithmName
  /** Milliseconds since the epoch. */
  readonly created: number
  readonly jwk: JWK
}

export interface SigningKey {
  readonly kid: string
  readonly alg: SigningAlgorithmName
  /** Milliseconds since the epoch. */
  readonly created: number
  readonly publicJwk: JWK
  readonly publicKey: webcrypto.CryptoKey
  /**
   * Signs claims as a JWT of the given `typ`, in compact serialisation.
   *
   * @see {@link https://www.rfc-editor.org/rfc/rfc7515.html#section-7.1 RFC 7515 §7.1}
   */
  sign(typ: string, claims: object): Promise<string>
}

/** Makes a key pair; its `kid` is the thumbprint of RFC 7638. */
export async function generateKey(alg: SigningAlgorithmName, now: number): Promise<StoredKey> {
  const pair = await crypto.subtle.generateKey(signingAlgorithms[alg].generate, true, ['sign'])
  if (!('privateKey' in pair)) throw new TypeError(`${alg} does not generate a key pair`)
  const jwk = (await crypto.subtle.exportKey('jwk', pair.privateKey)) as JWK
  const kid = await calculateJwkThumbprint(jwk)
  return { kid, alg, created: now, jwk: { ...jwk, kid, alg, use: 'sig' } }
}

/**
 * Imports a stored key once, so that a signature costs no more than the signature. Signs with
 * WebCrypto, which leaves the event loop free.
 */
export async function importSigningKey({ kid, alg, created, jwk }: StoredKey): Promise<SigningKey> {
  const { generate, sign: parameters } = signingAlgorithms[alg]
  const { key_ops: _, ext: __, ...bare } = jwk
  const privateKey = await crypto.subtle.importKey('jwk', bare, generate, false, ['sign'])
  const publicJwk = publicHalf(bare)
  const publicKey = await crypto.subtle.importKey('jwk', publicJwk, generate, false, ['verify'])
  const headers = new Map<string, string>()

  const headerOf = (typ: string) => {
    const header = headers.get(typ) ?? base64url(JSON.stringify({ alg, kid, typ }))
    headers.set(typ, header)
    return header
  }

  const sign = async (typ: string, claims: object) => {
    const input = `${headerOf(typ)}.${base64url(JSON.stringify(claims))}`
    const signature = await crypto.subtle.sign(parameters, privateKey, Buffer.from(input))
    return `${input}.${Buffer.from(signature).toString('base64url')}`
  }

  return { kid, alg, created, publicJwk, publicKey, sign }
}

/** The members that make a key private (RFC 7518 §6.2.2, §6.3.2) left out. */
function publicHalf({ d, p, q, dp, dq, qi, oth, k, ...publicJwk }: JWK): JWK {
  return publicJwk
}

function base64url(text: string): string {
  return Buffer.from(text).toString('base64url')
}
