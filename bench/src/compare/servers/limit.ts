/**
 * What is left when a token service does nothing but read a request and sign: bare node:http, keys that
 * were imported once, and hardly a check. It answers with what an answer has to hold, and stores nothing.
 */
import { randomBytes, type webcrypto } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { parse } from 'node:querystring'

import { importJWK, type JWK } from 'jose'

import { api, publicHalf, readClientKey, readKeys, redirect_uri, user } from '../registrations.ts'
import { type SignatureAlgorithm, signatureParameters } from '../signature-parameters.ts'
import { serve } from './serve.ts'

const keys = await readKeys()
const signers = { rs256: await signer('RS256'), es256: await signer('ES256') }
const clientKey = (await importJWK(
  publicHalf(await readClientKey()),
  'ES256',
)) as webcrypto.CryptoKey

await serve((issuer) => {
  const jwks = JSON.stringify({ keys: keys.map(publicHalf) })
  const jwks_uri = `${issuer}/.well-known/openid-configuration/jwks`
  const discovery = JSON.stringify({ issuer, jwks_uri, padding: 'x'.repeat(2_500) })
  const answers: Record<string, (form: string) => Promise<object> | object> = {
    '/connect/token': (form) => token(issuer, parse(form)),
    '/connect/introspect': (form) => ({
      ...claimsOf('reference', issuer),
      active: true,
      token: parse(form).token,
    }),
  }

  async function listener(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const path = req.url?.split('?', 1)[0] ?? ''
    const answer = answers[path]
    if (path.endsWith('/jwks')) send(res, jwks)
    else if (path.startsWith('/.well-known')) send(res, discovery)
    else if (path === '/connect/authorize') authorize(res, req.url ?? '')
    else if (answer === undefined) send(res, JSON.stringify(user))
    else send(res, JSON.stringify(await answer(await read(req))))
  }

  return { listener: (req, res) => void listener(req, res) }
})

async function token(issuer: string, form: ReturnType<typeof parse>): Promise<object> {
  if (form.client_assertion !== undefined) await verify(String(form.client_assertion))
  const scope = String(form.scope)
  return {
    access_token: await accessToken(scope, issuer),
    expires_in: 3_600,
    token_type: 'Bearer',
    scope,
  }
}

async function accessToken(scope: string, issuer: string): Promise<string> {
  const handle = randomBytes(32).toString('base64url')
  if (scope === 'reference') return handle
  const sign = scope === 'rs256' ? signers.rs256 : signers.es256
  return sign({ ...claimsOf(scope, issuer), jti: handle })
}

/** Clients, scopes and APIs go by the same names. */
function claimsOf(scope: string, iss: string): object {
  const iat = Math.floor(Date.now() / 1000)
  const aud = `${api}/${scope}`
  return { iss, iat, exp: iat + 3_600, aud, scope, client_id: scope, sub: scope }
}

function authorize(res: ServerResponse, url: string): void {
  const { state } = parse(url.slice(url.indexOf('?') + 1))
  const code = randomBytes(32).toString('base64url')
  const Location = `${redirect_uri}?${new URLSearchParams({ code, state: String(state) })}`
  res.writeHead(303, { Location, 'Content-Length': 0 }).end()
}

async function signer(alg: SignatureAlgorithm): Promise<(claims: object) => Promise<string>> {
  const jwk = keys.find((key) => key.alg === alg) as JWK
  const key = (await importJWK(jwk, alg)) as webcrypto.CryptoKey
  const header = base64url(JSON.stringify({ alg, kid: jwk.kid, typ: 'at+jwt' }))
  return async (claims) => {
    const input = `${header}.${base64url(JSON.stringify(claims))}`
    const signature = await crypto.subtle.sign(signatureParameters[alg], key, Buffer.from(input))
    return `${input}.${Buffer.from(signature).toString('base64url')}`
  }
}

async function verify(jwt: string): Promise<void> {
  const dot = jwt.lastIndexOf('.')
  const signature = Buffer.from(jwt.slice(dot + 1), 'base64url')
  const input = Buffer.from(jwt.slice(0, dot))
  if (!(await crypto.subtle.verify(signatureParameters.ES256, clientKey, signature, input)))
    throw new Error('the assertion is not signed by the client')
}

/** Forms of this length come in one piece. */
function read(req: IncomingMessage): Promise<string> {
  return new Promise((resolve) => {
    req.once('data', (form: Buffer) => resolve(form.toString('latin1')))
  })
}

/** A string leaves in one piece with the head; a buffer would be a second one, which costs more. */
function send(res: ServerResponse, body: string): void {
  res.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': body.length })
  res.end(body)
}

function base64url(text: string): string {
  return Buffer.from(text).toString('base64url')
}
