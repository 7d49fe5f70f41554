import { randomUUID } from 'node:crypto'

import { createLocalJWKSet, importJWK, type JSONWebKeySet, jwtVerify, SignJWT } from 'jose'

import { type Answer, type Connection, get, post } from './connection.ts'
import { readClientKey, redirect_uri, secret, user } from './registrations.ts'
import { authorizationRequest, code_verifier, signIn } from './sign-in.ts'

/** One operation on a connection; answers with the last answer. */
export type Step = (connection: Connection, index: number) => Promise<Answer>

export interface Operation {
  readonly title: string
  /** How often in a round. */
  readonly count: number
  /** What most of the cost is. */
  readonly dominatedBy: string
  /** How many times less than oidc-provider's cost ours is to be, with each store. */
  readonly goals: { readonly memory: number; readonly sqlite?: number }
  /** The part of our cost that the limit is to have. */
  readonly share?: number
  /** False where bare node:http has nothing to compare with. */
  readonly hasLimit: boolean
  /** Makes what a round sends, so that nothing of it is done while the time is taken. */
  prepare(issuer: string, count: number): Promise<Step>
  /** @throws {Error} when the answer is not what it should be */
  check(answer: Answer, issuer: string): Promise<void> | void
}

const basic = (id: string) => ({ Authorization: `Basic ${btoa(`${id}:${secret}`)}` })

/** The same bytes each time. */
function repeated(request: Buffer, status?: number): Operation['prepare'] {
  return async () => (connection) => connection.send(request, status)
}

const machineToken = (id: string) =>
  repeated(post('/connect/token', { grant_type: 'client_credentials', scope: id }, basic(id)))

/** The operations, by the name that `--only` knows them by. */
export const operations: Readonly<Record<string, Operation>> = {
  discovery: {
    title: 'Discovery',
    count: 6_000,
    dominatedBy: 'node:http, then Express',
    goals: { memory: 3 },
    hasLimit: true,
    prepare: repeated(get('/.well-known/openid-configuration')),
    check: ({ body }, issuer) => expect(JSON.parse(body).issuer === issuer, body),
  },
  jwks: {
    title: 'JWKS',
    count: 6_000,
    dominatedBy: 'node:http, then Express',
    goals: { memory: 2 },
    hasLimit: true,
    prepare: repeated(get('/.well-known/openid-configuration/jwks')),
    check: ({ body }) => expect(JSON.parse(body).keys.length > 1, body),
  },
  'token-rs256': {
    title: 'Client credentials, RS256',
    count: 1_000,
    dominatedBy: 'the RSA signature',
    goals: { memory: 1.12 },
    share: 0.92,
    hasLimit: true,
    prepare: machineToken('rs256'),
    check: checkAccessToken('RS256'),
  },
  'token-es256': {
    title: 'Client credentials, ES256',
    count: 3_000,
    dominatedBy: 'the signature, then node:http',
    goals: { memory: 1.8 },
    share: 0.8,
    hasLimit: true,
    prepare: machineToken('es256'),
    check: checkAccessToken('ES256'),
  },
  'private-key-jwt': {
    title: 'private_key_jwt, ES256',
    count: 2_000,
    dominatedBy: 'checking the assertion, then the signature',
    goals: { memory: 1.5 },
    hasLimit: true,
    prepare: prepareAssertions,
    check: checkAccessToken('ES256'),
  },
  'reference-token': {
    title: 'Reference token',
    count: 4_000,
    dominatedBy: 'node:http and Express; with SQLite, the insertion',
    goals: { memory: 2, sqlite: 1.2 },
    hasLimit: true,
    prepare: machineToken('reference'),
    check: ({ body }) => expect(/^[\w-]{40,}$/.test(JSON.parse(body).access_token), body),
  },
  introspection: {
    title: 'Introspection',
    count: 4_000,
    dominatedBy: 'node:http and Express; with SQLite, the look-up',
    goals: { memory: 2.5, sqlite: 1.7 },
    hasLimit: true,
    prepare: prepareIntrospection,
    check: ({ body }) => expect(JSON.parse(body).active === true, body),
  },
  userinfo: {
    title: 'Userinfo',
    count: 4_000,
    dominatedBy: 'node:http and Express',
    goals: { memory: 2.2 },
    hasLimit: true,
    prepare: prepareUserinfo,
    check: ({ body }) => expect(JSON.parse(body).name === user.name, body),
  },
  authorize: {
    title: 'Authorize with a session',
    count: 2_000,
    dominatedBy: 'reading the request; with SQLite, two records written',
    goals: { memory: 2.5, sqlite: 1.5 },
    hasLimit: true,
    prepare: prepareAuthorize,
    check: ({ head }) => expect(readCode(head) !== undefined, head),
  },
  'code-flow': {
    title: 'Code flow, each by its defaults',
    count: 500,
    dominatedBy: 'the RSA signature of the ID Token; oidc-provider makes two',
    goals: { memory: 1.8, sqlite: 1.6 },
    hasLimit: false,
    prepare: prepareCodeFlow,
    check: checkUserTokens,
  },
  refresh: {
    title: 'Refresh, each by its defaults',
    count: 600,
    dominatedBy: 'the RSA signature of the ID Token; oidc-provider makes two',
    goals: { memory: 1.6, sqlite: 1.4 },
    hasLimit: false,
    prepare: prepareRefresh,
    check: checkUserTokens,
  },
}

async function prepareAssertions(issuer: string, count: number): Promise<Step> {
  const key = await importJWK(await readClientKey(), 'ES256')
  const requests = await Promise.all(
    Array.from({ length: count }, async () =>
      post('/connect/token', {
        grant_type: 'client_credentials',
        scope: 'jwt',
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: await new SignJWT({ jti: randomUUID() })
          .setProtectedHeader({ alg: 'ES256' })
          .setIssuer('jwt')
          .setSubject('jwt')
          .setAudience(issuer)
          .setIssuedAt()
          .setExpirationTime('4 minutes')
          .sign(key),
      }),
    ),
  )
  return (connection, index) => connection.send(requests[index] ?? Buffer.alloc(0))
}

async function prepareIntrospection(issuer: string): Promise<Step> {
  const { access_token: token } = await ask(issuer, basic('reference'), {
    grant_type: 'client_credentials',
    scope: 'reference',
  })
  return (connection) => connection.send(introspection(token))
}

function introspection(token = ''): Buffer {
  return post('/connect/introspect', { token }, basic('reference'))
}

async function prepareUserinfo(issuer: string): Promise<Step> {
  const { access_token } = await signInForTokens(issuer, 'web-reference')
  const request = get('/connect/userinfo', { Authorization: `Bearer ${access_token}` })
  return (connection) => connection.send(request)
}

async function prepareAuthorize(issuer: string): Promise<Step> {
  // The limit knows no sign-in, and asks for none.
  const Cookie = await signIn(issuer, 'web').catch(() => '')
  const request = get(authorizationRequest('web'), { Cookie })
  return (connection) => connection.send(request, 303)
}

async function prepareCodeFlow(issuer: string): Promise<Step> {
  const authorize = await prepareAuthorize(issuer)
  return async (connection, index) => {
    const code = readCode((await authorize(connection, index)).head) ?? ''
    return connection.send(post('/connect/token', codeGrant(code), basic('web')))
  }
}

async function prepareRefresh(issuer: string): Promise<Step> {
  const { refresh_token = '' } = await signInForTokens(issuer, 'web')
  const grant = { grant_type: 'refresh_token', refresh_token }
  const request = post('/connect/token', grant, basic('web'))
  return (connection) => connection.send(request)
}

const codeGrant = (code: string) => ({
  grant_type: 'authorization_code',
  code,
  redirect_uri,
  code_verifier,
})

interface Tokens {
  readonly access_token?: string
  readonly refresh_token?: string
}

async function signInForTokens(issuer: string, client_id: string): Promise<Tokens> {
  const response = await fetch(issuer + authorizationRequest(client_id), {
    redirect: 'manual',
    headers: { cookie: await signIn(issuer, client_id) },
  })
  const code = readCode(`location: ${response.headers.get('location')}`) ?? ''
  return ask(issuer, basic(client_id), codeGrant(code))
}

async function ask(
  issuer: string,
  headers: Record<string, string>,
  parameters: Record<string, string>,
): Promise<Tokens> {
  const body = new URLSearchParams(parameters)
  const response = await fetch(`${issuer}/connect/token`, { method: 'POST', headers, body })
  if (!response.ok) throw new Error(`no tokens: ${await response.text()}`)
  return (await response.json()) as Tokens
}

function readCode(head: string): string | undefined {
  return /^location: .*[?&]code=([\w-]+)/im.exec(head)?.[1]
}

function checkAccessToken(alg: string): Operation['check'] {
  return async ({ body }, issuer) => verify(JSON.parse(body).access_token, alg, issuer)
}

async function checkUserTokens({ body }: Answer, issuer: string): Promise<void> {
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

function expect(condition: boolean, shown: string): void {
  if (!condition) throw new Error(`an answer is not as it should be:\n${shown}`)
}
