import { randomUUID } from 'node:crypto'

import { importJWK, SignJWT } from 'jose'

import { type Answer, type Connection, get, post } from './connection.ts'
import { api, readClientKey, redirect_uri, secret } from './registrations.ts'
import { authorizationRequest, code_verifier, signIn } from './sign-in.ts'

/** One operation on a connection; answers with the last answer. */
export type Step = (connection: Connection, index: number) => Promise<Answer>

export type Prepare = (issuer: string, count: number) => Promise<Step>

const basic = (id: string) => ({ Authorization: `Basic ${btoa(`${id}:${secret}`)}` })

/** The same bytes each time. */
export function repeated(request: Buffer, status?: number): Prepare {
  return async () => (connection) => connection.send(request, status)
}

export const machineToken = (id: string) =>
  repeated(post('/connect/token', { grant_type: 'client_credentials', scope: id }, basic(id)))

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
  const { access_token: token = '' } = await ask(issuer, basic('reference'), {
    grant_type: 'client_credentials',
    scope: 'reference',
  })
  // The API that the token is for asks.
  const caller = basic(encodeURIComponent(`${api}/reference`))
  const request = post('/connect/introspect', { token }, caller)
  return (connection) => connection.send(request)
}

export async function prepareUserinfo(issuer: string): Promise<Step> {
  const { access_token } = await signInForTokens(issuer, 'web-reference')
  const request = get('/connect/userinfo', { Authorization: `Bearer ${access_token}` })
  return (connection) => connection.send(request)
}

export async function prepareAuthorize(issuer: string): Promise<Step> {
  // The limit knows no sign-in, and asks for none.
  const Cookie = await signIn(issuer, 'web').catch(() => '')
  const request = get(authorizationRequest('web'), { Cookie })
  return (connection) => connection.send(request, 303)
}

export async function prepareCodeFlow(issuer: string): Promise<Step> {
  const authorize = await prepareAuthorize(issuer)
  return async (connection, index) => {
    const code = readCode((await authorize(connection, index)).head) ?? ''
    return connection.send(post('/connect/token', codeGrant(code), basic('web')))
  }
}

export async function prepareRefresh(issuer: string): Promise<Step> {
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

export function readCode(head: string): string | undefined {
  return /^location: .*[?&]code=([\w-]+)/im.exec(head)?.[1]
}
