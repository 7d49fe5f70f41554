import type { webcrypto } from 'node:crypto'

import { importJWK, type JWK } from 'jose'

import { readKeys } from './registrations.ts'

const parameters = {
  RS256: { name: 'RSASSA-PKCS1-v1_5' },
  ES256: { name: 'ECDSA', hash: 'SHA-256' },
} as const

export type SignatureCosts = Readonly<Record<keyof typeof parameters, number>>

/** Microseconds of processor time that a signature takes by itself, on this machine. */
export async function signatureCosts(): Promise<SignatureCosts> {
  return { RS256: await costOf('RS256'), ES256: await costOf('ES256') }
}

async function costOf(alg: keyof typeof parameters, count = 1_000): Promise<number> {
  const jwk = (await readKeys()).find((each) => each.alg === alg) as JWK
  const key = (await importJWK(jwk, alg)) as webcrypto.CryptoKey
  const message = Buffer.alloc(400)
  const sign = async () => {
    for (let index = 0; index < count; index++)
      await crypto.subtle.sign(parameters[alg], key, message)
  }
  await sign()
  const before = process.cpuUsage()
  await sign()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / count
}
