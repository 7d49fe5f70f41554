import assert from 'node:assert/strict'

import { createLocalJWKSet, type JWTVerifyGetKey, type JWTVerifyOptions, jwtVerify } from 'jose'

import { halfHash } from '../half-hash.ts'
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
  /** Of the authorization request; undefined after a refresh. */
  readonly nonce: string | undefined
}

/** The tokens of a response; none of them may be absent. */
export interface UserTokens {
  readonly access_token?: string
  readonly id_token?: string
}

/** What came with an ID Token, which it has to vouch for. */
interface Accompanied {
  readonly code?: string
  readonly access_token?: string
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
 * Asserts that an ID Token is signed with a published key and was issued to the client, about the person, in answer to
 * this request.
 *
 * @param at when it has to be valid. By default now
 * @throws {JOSEError} when it is not signed so, not the issuer's, or not valid then
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation OIDC Core §3.1.3.7}
 */
export async function verifyIdToken(
  { issuer, find }: Keys,
  token: string,
  { client_id, person, nonce, code, access_token }: Omit<Owner, 'scope'> & Accompanied,
  at = new Date(),
): Promise<void> {
  const options: JWTVerifyOptions = { issuer, typ: 'JWT', currentDate: at }
  const { payload } = await jwtVerify(token, find, options)
  const { sub, aud } = payload
  assert.deepEqual({ sub, aud, nonce: payload.nonce }, { sub: person.sub, aud: client_id, nonce })
  if (code !== undefined) assert.equal(payload.c_hash, halfHash(code))
  if (access_token !== undefined) assert.equal(payload.at_hash, halfHash(access_token))
}

/**
 * Asserts that a logout token is signed with a published key, and tells the client of the end of this session.
 *
 * @throws {JOSEError} when it is not signed so, not the issuer's, or not valid
 * @see {@link https://openid.net/specs/openid-connect-backchannel-1_0.html#Validation Back-Channel Logout §2.6}
 */
export async function verifyLogoutToken(
  { issuer, find }: Keys,
  token: string,
  expected: { readonly client_id: string; readonly sub: string; readonly sid: string },
): Promise<void> {
  const { payload } = await jwtVerify(token, find, { issuer, typ: 'logout+jwt' })
  const { aud, sub, sid, events } = payload
  assert.deepEqual(
    { aud, sub, sid, events },
    {
      aud: expected.client_id,
      sub: expected.sub,
      sid: expected.sid,
      events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
    },
  )
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
  await verifyIdToken(keys, id_token, { ...owner, access_token }, at)
  await verifyUserinfo(http, access_token, person)
}

/** Asserts that userinfo answers with this user. */
export async function verifyUserinfo(
  http: Http,
  access_token: string,
  person: Person,
): Promise<void> {
  const headers = { Authorization: `Bearer ${access_token}` }
  const { sub, name } = readJson(await http.request('/connect/userinfo', { headers }))
  assert.deepEqual({ sub, name }, { sub: person.sub, name: person.name })
}
