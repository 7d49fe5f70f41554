import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose'

import type { Answer } from './connection.ts'

/** @throws {Error} when the answer is not what it should be */
export type Check = (answer: Answer, issuer: string) => Promise<void> | void

export function checkAccessToken(alg: string): Check {
  return async ({ body }, issuer) => verify(JSON.parse(body).access_token, alg, issuer)
}

export async function checkUserTokens({ body }: Answer, issuer: string): Promise<void> {
  const { access_token, id_token } = JSON.parse(body)
  await verify(id_token, 'RS256', issuer)
  await verify(
    access_token,
    access_token.startsWith('eyJhbGciOiJSUzI1NiI') ? 'RS256' : 'ES256',
    issuer,
  )
}

async function verify(jwt: string, alg: string, issuer: string): Promise<void> {
  const response = await fetch(`${issuer}/.well-known/openid-configuration/jwks`)
  const keys = createLocalJWKSet((await response.json()) as JSONWebKeySet)
  await jwtVerify(jwt, keys, { issuer, algorithms: [alg], requiredClaims: ['exp', 'iat'] })
}

export function expect(condition: boolean, shown: string): void {
  if (!condition) throw new Error(`an answer is not as it should be:\n${shown}`)
}
