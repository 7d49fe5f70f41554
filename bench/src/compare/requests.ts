import { randomUUID } from 'node:crypto'

import { importJWK, SignJWT } from 'jose'

import { type Answer, type Connection, get, patience, post } from './connection.ts'
import { api, readClientKey, redirect_uri, secret, type WebClient } from './registrations.ts'
import { authorizationRequest, code_verifier, signIn } from './sign-in.ts'

/** One operation on a connection; answers with the last answer. */
export type Step = (connection: Connection, index: number) => Promise<Answer>

export type Prepare = (issuer: string, count: number) => Promise<Step>

const basic = (id: string) => ({ Authorization: `Basic ${btoa(`${id}:${secret}`)}` })

/** The same bytes each time. */
export function repeated(request: Buffer, status?: number): Prepare {
  return async () => (connection) => connection.send(request, status)
}

export const machineToken = (id: string) => repeated(tokenRequest(id, id))

export const tokenRequest = (client_id: string, scope: string) =>
  post('/connect/token', { grant_type: 'client_credentials', scope }, basic(client_id))

export async function prepareAssertions(issuer: string, count: number): Promise<Step> {
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

export async function prepareIntrospection(issuer: string): Promise<Step> {
  const { access_token = '' } = await ask(issuer, 'reference', {
    grant_type: 'client_credentials',
    scope: 'reference',
  })
  return introspect(access_token, `${api}/reference`)
}

/** @param resource the API that the token is for, which asks */
export function introspect(token: string, resource: string): Step {
  const request = post('/connect/introspect', { token }, basic(encodeURIComponent(resource)))
  return (connection) => connection.send(request)
}

export async function prepareUserinfo(issuer: string): Promise<Step> {
  const { access_token = '' } = await signInForTokens(issuer, 'web-reference')
  return askUserinfo(access_token)
}

export function askUserinfo(access_token: string): Step {
  const request = get('/connect/userinfo', { Authorization: `Bearer ${access_token}` })
  return (connection) => connection.send(request)
}

export const authorizationOf =
  (client_id: WebClient) =>
  async (issuer: string): Promise<Step> => {
    const request = authorizationRequest(client_id)
    return authorize(request, await signIn(issuer, request))
  }

/** An authorization request of somebody who is signed in: each answer has to bring a code. */
export function authorize(request: string, Cookie: string): Step {
  const bytes = get(request, { Cookie })
  return async (connection) => {
    const answer = await connection.send(bytes, 303)
    // The way to the login page is a 303 as well.
    requireCode(answer.head)
    return answer
  }
}

export const codeFlowOf =
  (client_id: WebClient): Prepare =>
  async (issuer) => {
    const step = await authorizationOf(client_id)(issuer)
    return async (connection, index) => {
      const code = requireCode((await step(connection, index)).head)
      return connection.send(post('/connect/token', codeGrant(code), basic(client_id)))
    }
  }

export const refreshOf =
  (client_id: WebClient): Prepare =>
  async (issuer) => {
    const { refresh_token = '' } = await signInForTokens(issuer, client_id)
    return refresh(client_id, refresh_token)
  }

export function refresh(client_id: string, refresh_token: string): Step {
  const grant = { grant_type: 'refresh_token', refresh_token }
  const request = post('/connect/token', grant, basic(client_id))
  return (connection) => connection.send(request)
}

const codeGrant = (code: string) => ({
  grant_type: 'authorization_code',
  code,
  redirect_uri,
  code_verifier,
})

export interface Tokens {
  readonly access_token?: string
  readonly refresh_token?: string
}

async function signInForTokens(issuer: string, client_id: WebClient): Promise<Tokens> {
  const request = authorizationRequest(client_id)
  return requestTokens(issuer, client_id, request, await signIn(issuer, request))
}

/** The tokens that an authorization request of somebody who is signed in leads to. */
export async function requestTokens(
  issuer: string,
  client_id: string,
  request: string,
  cookie: string,
): Promise<Tokens> {
  const response = await fetch(issuer + request, {
    redirect: 'manual',
    headers: { cookie },
    signal: AbortSignal.timeout(patience),
  })
  const code = requireCode(`location: ${response.headers.get('location')}`)
  return redeem(issuer, client_id, code)
}

/** The tokens that a client gets for a code. */
export function redeem(issuer: string, client_id: string, code: string): Promise<Tokens> {
  return ask(issuer, client_id, codeGrant(code))
}

export function redeemRefreshToken(
  issuer: string,
  client_id: string,
  refresh_token: string,
): Promise<Tokens> {
  return ask(issuer, client_id, { grant_type: 'refresh_token', refresh_token })
}

async function ask(
  issuer: string,
  client_id: string,
  parameters: Record<string, string>,
): Promise<Tokens> {
  const body = new URLSearchParams(parameters)
  const response = await fetch(`${issuer}/connect/token`, {
    method: 'POST',
    headers: basic(client_id),
    body,
    signal: AbortSignal.timeout(patience),
  })
  if (!response.ok) throw new Error(`no tokens: ${await response.text()}`)
  return (await response.json()) as Tokens
}

/** @throws {Error} when the head of an answer leads elsewhere than to the client, with a code */
export function requireCode(head: string): string {
  const code = /^location: .*[?&]code=([\w-]+)/im.exec(head)?.[1]
  if (code === undefined) throw new Error(`the redirect brings no code:\n${head}`)
  return code
}
