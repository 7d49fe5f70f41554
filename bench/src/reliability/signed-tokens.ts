import assert from 'node:assert/strict'

import { createLocalJWKSet, type JWTVerifyGetKey, type JWTVerifyOptions, jwtVerify } from 'jose'

import { type Http, readJson } from './http.ts'
import type { Person } from './people.ts'

/** The keys that the token service has published, as a client reads them. */
export interface Keys {
  readonly issuer: string
  readonly find: JWTVerifyGetKey
}

/** Whose tokens they have to be. */
export interface Owner {
  readonly client_id: string
  readonly person: Person
  /** What was granted. */
  readonly scope: string
}

/** The tokens of a response; none of them may be absent. */
export interface UserTokens {
  readonly access_token?: string
  readonly id_token?: string
}

export async function readKeys(http: Http): Promise<Keys> {
  const { status, body } = await http.request('/.well-known/openid-configuration/jwks')
  assert.equal(status, 200, body)
  return { issuer: http.url, find: createLocalJWKSet(JSON.parse(body)) }
}

/**
 * Asserts that a JWT is signed with a published key and says what it has to.
 *
 * @param expected.sub the user, or of a machine the client
 * @param at when it has to be valid. By default now
 * @throws {JOSEError} when it is not signed so, not the issuer's, or not valid then
 * @see {@link https://www.rfc-editor.org/rfc/rfc9068.html#section-4 RFC 9068 §4}
 */
export async function verifyAccessToken(
  { issuer, find }: Keys,
  token: string,
  expected: { readonly client_id: string; readonly sub: string; readonly scope: string },
  at = new Date(),
): Promise<void> {
  const options: JWTVerifyOptions = { issuer, typ: 'at+jwt', currentDate: at }
  const { payload } = await jwtVerify(token, find, options)
  const { client_id, sub, scope, aud } = payload
  assert.deepEqual({ client_id, sub, scope, aud }, { ...expected, aud: `${issuer}/resources` })
}

/**
 * Asserts that an ID Token is signed with a published key and was issued to the client, about the person.
 *
 * @param at when it has to be valid. By default now
 * @throws {JOSEError} when it is not signed so, not the issuer's, or not valid then
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation OIDC Core §3.1.3.7}
 */
export async function verifyIdToken(
  { issuer, find }: Keys,
  token: string,
  { client_id, person }: Omit<Owner, 'scope'>,
  at = new Date(),
): Promise<void> {
  const options: JWTVerifyOptions = { issuer, typ: 'JWT', currentDate: at }
  const { payload } = await jwtVerify(token, find, options)
  const { sub, aud } = payload
  assert.deepEqual({ sub, aud }, { sub: person.sub, aud: client_id })
}

/**
 * Asserts that both tokens of a user are right, and that userinfo answers with that user.
 *
 * @param at when they have to be valid. By default now
 */
export async function verifyUserTokens(
  http: Http,
  { access_token = '', id_token = '' }: UserTokens,
  owner: Owner,
  at?: Date,
): Promise<void> {
  const { client_id, person, scope } = owner
  const keys = await readKeys(http)
  await verifyAccessToken(keys, access_token, { client_id, sub: person.sub, scope }, at)
  await verifyIdToken(keys, id_token, owner, at)
  const headers = { Authorization: `Bearer ${access_token}` }
  const { sub, name } = readJson(await http.request('/connect/userinfo', { headers }))
  assert.deepEqual({ sub, name }, { sub: person.sub, name: person.name })
}
