import { createLocalJWKSet, type JSONWebKeySet, type JWTPayload, jwtVerify } from 'jose'

import { halfHash } from '../half-hash.ts'
import { type Check, checkUserinfo, expect } from './checks.ts'
import { Connection, patience } from './connection.ts'
import { api, user, type WebClient } from './registrations.ts'
import { askUserinfo, redeemRefreshToken } from './requests.ts'
import { nonce } from './sign-in.ts'

/**
 * The access token of a machine, as a JWT: what it is for goes with its scope.
 *
 * @param isClient says of a client id whether it is one of those that asked
 */
export function checkMachineToken(
  alg: 'RS256' | 'ES256',
  scope: string,
  isClient = (client_id: unknown) => client_id === scope,
): Check {
  return async ({ body }, issuer) => {
    const { access_token, token_type, expires_in } = JSON.parse(body)
    expect(token_type === 'Bearer' && expires_in > 0, body)
    const audience = `${api}/${scope}`
    const claims = await verify(access_token, issuer, [alg], { audience, typ: 'at+jwt' })
    expect(claims.scope === scope && isClient(claims.client_id), JSON.stringify(claims))
    expect(claims.sub === claims.client_id, JSON.stringify(claims))
  }
}

/** What the JWTs of the user may be signed with. */
const algorithms: Readonly<Record<Exclude<WebClient, 'web-reference'>, readonly string[]>> = {
  web: ['ES256', 'RS256'],
  'web-es256': ['ES256'],
}

/**
 * The tokens of the user, and a refresh token that others can be had for.
 *
 * @param client_id of the client that they are issued to, which says of what kind they are
 * @param nonces what the ID Token may have for one: a refreshed one need not have any
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#RefreshTokenResponse OIDC Core §12.2}
 */
export function checkUserTokens(client_id: WebClient, nonces: readonly unknown[] = [nonce]): Check {
  return async ({ body }, issuer) => {
    const { access_token, id_token, refresh_token } = JSON.parse(body)
    expect(/^[\w-]{40,}$/.test(refresh_token), body)
    await redeemRefreshToken(issuer, client_id, refresh_token)
    if (client_id === 'web-reference') await checkOpaqueToken(access_token, issuer)
    else await checkUserJwt(access_token, issuer, client_id)
    const claims = await verify(id_token, issuer, ['RS256'], { audience: client_id })
    expect(claims.sub === user.sub && nonces.includes(claims.nonce), JSON.stringify(claims))
    const { at_hash = halfHash(access_token) } = claims
    expect(at_hash === halfHash(access_token), JSON.stringify(claims))
  }
}

async function checkUserJwt(
  jwt: string,
  issuer: string,
  client: keyof typeof algorithms,
): Promise<void> {
  const expected = { audience: api, typ: 'at+jwt' }
  const claims = await verify(jwt, issuer, algorithms[client], expected)
  const { sub, client_id, scope } = claims
  expect(sub === user.sub && client_id === client, JSON.stringify(claims))
  expect(String(scope).split(' ').includes('api'), JSON.stringify(claims))
}

/** One that says nothing by itself, and whose user the userinfo endpoint tells. */
async function checkOpaqueToken(token: string, issuer: string): Promise<void> {
  expect(/^[\w-]{40,}$/.test(token), token)
  const step = askUserinfo(token)
  await checkUserinfo(await Connection.once(issuer, (connection) => step(connection, 0)), issuer)
}

/** Claims of a token that was issued just now: on a busy machine the first answer to many is checked minutes later. */
async function verify(
  jwt: string,
  issuer: string,
  algorithms: readonly string[],
  expected: { readonly audience: string; readonly typ?: string },
): Promise<JWTPayload> {
  const url = `${issuer}/.well-known/openid-configuration/jwks`
  const response = await fetch(url, { signal: AbortSignal.timeout(patience) })
  const keys = createLocalJWKSet((await response.json()) as JSONWebKeySet)
  const requiredClaims = ['exp', 'iat']
  const options = {
    ...expected,
    issuer,
    algorithms: [...algorithms],
    requiredClaims,
    maxTokenAge: '5 minutes',
  }
  return (await jwtVerify(jwt, keys, options)).payload
}
