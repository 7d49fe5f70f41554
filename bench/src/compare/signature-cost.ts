import type { webcrypto } from 'node:crypto'

import { importJWK, type JWK } from 'jose'

import { median } from '../median.ts'
import { publicHalf, readKeys } from './registrations.ts'
import { type SignatureAlgorithm, signatureParameters } from './signature-parameters.ts'

export type SignatureOperation = `${'sign' | 'verify'} ${SignatureAlgorithm}`

/** Microseconds of processor time that each takes by itself. */
export type SignatureCosts = Readonly<Record<SignatureOperation, number>>

/** What signatures cost on this machine. */
export async function signatureCosts(): Promise<SignatureCosts> {
  const [rsa, ec] = [await costsOf('RS256'), await costsOf('ES256')]
  return {
    'sign RS256': rsa.sign,
    'verify RS256': rsa.verify,
    'sign ES256': ec.sign,
    'verify ES256': ec.verify,
  }
}

async function costsOf(alg: SignatureAlgorithm): Promise<{ sign: number; verify: number }> {
  const jwk = (await readKeys()).find((each) => each.alg === alg) as JWK
  const key = (await importJWK(jwk, alg)) as webcrypto.CryptoKey
  const publicKey = (await importJWK(publicHalf(jwk), alg)) as webcrypto.CryptoKey
  const message = Buffer.alloc(400)
  const signature = await crypto.subtle.sign(signatureParameters[alg], key, message)
  return {
    sign: await costOf(() => crypto.subtle.sign(signatureParameters[alg], key, message)),
    verify: await costOf(() =>
      crypto.subtle.verify(signatureParameters[alg], publicKey, signature, message),
    ),
  }
}

/** The median of five rounds, after one to warm up. As in a server under load, ten are under way at a time. */
async function costOf(operation: () => Promise<unknown>): Promise<number> {
  const costs: number[] = []
  for (let round = 0; round < 6; round++) {
    const before = process.cpuUsage()
    for (let time = 0; time < 100; time++)
      await Promise.all(Array.from({ length: 10 }, () => operation()))
    const { user, system } = process.cpuUsage(before)
    costs.push((user + system) / 1_000)
  }
  return median(costs.slice(1))
}
