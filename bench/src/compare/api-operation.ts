import { randomUUID } from 'node:crypto'

import { importJWK, type JWK, SignJWT } from 'jose'

import { expect } from './checks.ts'
import { get } from './connection.ts'
import type { Operation } from './operations.ts'
import { api, readKeys, user } from './registrations.ts'

/** Which access tokens an API gets: one it has not seen before with each request, or a few again and again. */
type Tokens = 'new' | 'known'

const dominatedBy: Readonly<Record<Tokens, string>> = {
  new: 'Express; the way to the thread pool and back, on both sides: ours by WebCrypto, the other by jose 4 and crypto.verify',
  known: 'Express; the other verifies the signature each time',
}

/** How many are in use at a time. */
const knownTokens = 100

/**
 * A request to an API with an access token.
 *
 * @param issuer of the tokens
 */
export function apiOperation(alg: 'RS256' | 'ES256', tokens: Tokens, issuer: string): Operation {
  return {
    title: `A request to an API with a ${tokens} JWT, ${alg}`,
    count: 4_000,
    dominatedBy: dominatedBy[tokens],
    ...(tokens === 'new' && { goals: { memory: 1.35 }, signatures: [`verify ${alg}`] }),
    hasLimit: false,
    async prepare(_url, count) {
      const sign = await signer(alg, issuer)
      const length = tokens === 'new' ? count : Math.min(knownTokens, count)
      const requests = await Promise.all(
        Array.from({ length }, async () =>
          get('/identity', { Authorization: `Bearer ${await sign()}` }),
        ),
      )
      return (connection, index) => connection.send(requests[index % length] ?? Buffer.alloc(0))
    },
    check({ body }) {
      expect(JSON.parse(body).sub === user.sub, body)
    },
  }
}

async function signer(alg: string, issuer: string): Promise<() => Promise<string>> {
  const jwk = (await readKeys()).find((each) => each.alg === alg) as JWK
  const key = await importJWK(jwk, alg)
  return () =>
    new SignJWT({ jti: randomUUID(), scope: 'api', client_id: 'web' })
      .setProtectedHeader({ alg, typ: 'at+jwt', kid: String(jwk.kid) })
      .setIssuer(issuer)
      .setSubject(user.sub)
      .setAudience(api)
      .setIssuedAt()
      .setExpirationTime('1 hour')
      .sign(key)
}
