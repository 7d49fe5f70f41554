/**
 * What is left when a token service does nothing but read a request and sign: bare node:http, keys that
 * were imported once, and hardly a check. Nobody can be faster on this machine.
 */
import { randomBytes, type webcrypto } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { parse } from 'node:querystring'

import { importJWK, type JWK } from 'jose'

import { publicHalf, readClientKey, readKeys, redirect_uri, user } from '../registrations.ts'
import { serve } from './serve.ts'

const parameters = {
  RS256: { name: 'RSASSA-PKCS1-v1_5' },
  ES256: { name: 'ECDSA', hash: 'SHA-256' },
} as const

const keys = await readKeys()
const signers = { rs256: await signer('RS256'), es256: await signer('ES256') }
const clientKey = (await importJWK(
  publicHalf(await readClientKey()),
  'ES256',
)) as webcrypto.CryptoKey

await serve((issuer) => {
  const jwks = Buffer.from(JSON.stringify({ keys: keys.map(publicHalf) }))
  const discovery = Buffer.from(JSON.stringify({ issuer, padding: 'x'.repeat(2_600) }))
  const answers: Record<string, (form: string) => Promise<object> | object> = {
    '/connect/token': (form) => token(issuer, parse(form)),
    '/connect/introspect': (form) => ({ active: true, token: parse(form).token }),
  }

  async function listener(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const path = req.url?.split('?', 1)[0] ?? ''
    const answer = answers[path]
    if (path.endsWith('/jwks')) send(res, jwks)
    else if (path.startsWith('/.well-known')) send(res, discovery)
    else if (path === '/connect/authorize') authorize(res, req.url ?? '')
    else if (answer === undefined) send(res, Buffer.from(JSON.stringify(user)))
    else send(res, Buffer.from(JSON.stringify(await answer(await read(req)))))
  }

  return { listener: (req, res) => void listener(req, res) }
})

async function token(issuer: string, form: ReturnType<typeof parse>): Promise<object> {
  if (form.scope === 'reference') return { access_token: randomBytes(32).toString('base64url') }
  if (form.client_assertion !== undefined) await verify(String(form.client_assertion))
  const iat = Math.floor(Date.now() / 1000)
  const sign = form.scope === 'rs256' ? signers.rs256 : signers.es256
  const jti = randomBytes(32).toString('base64url')
  return {
    access_token: await sign({ iss: issuer, iat, exp: iat + 3_600, scope: form.scope, jti }),
  }
}

function authorize(res: ServerResponse, url: string): void {
  const { state } = parse(url.slice(url.indexOf('?') + 1))
  const code = randomBytes(32).toString('base64url')
  const Location = `${redirect_uri}?${new URLSearchParams({ code, state: String(state) })}`
  res.writeHead(303, { Location, 'Content-Length': 0 }).end()
}

async function signer(alg: keyof typeof parameters): Promise<(claims: object) => Promise<string>> {
  const jwk = keys.find((key) => key.alg === alg) as JWK
  const key = (await importJWK(jwk, alg)) as webcrypto.CryptoKey
  const header = base64url(JSON.stringify({ alg, kid: jwk.kid, typ: 'at+jwt' }))
  return async (claims) => {
    const input = `${header}.${base64url(JSON.stringify(claims))}`
    const signature = await crypto.subtle.sign(parameters[alg], key, Buffer.from(input))
    return `${input}.${Buffer.from(signature).toString('base64url')}`
  }
}

async function verify(jwt: string): Promise<void> {
  const dot = jwt.lastIndexOf('.')
  const signature = Buffer.from(jwt.slice(dot + 1), 'base64url')
  const input = Buffer.from(jwt.slice(0, dot))
  if (!(await crypto.subtle.verify(parameters.ES256, clientKey, signature, input)))
    throw new Error('the assertion is not signed by the client')
}

function read(req: IncomingMessage): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>()
  let text = ''
  req.setEncoding('utf8')
  req.on('data', (chunk: string) => {
    text += chunk
  })
  req.on('end', () => resolve(text))
  return promise
}

function send(res: ServerResponse, body: Buffer): void {
  res.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': body.length })
  res.end(body)
}

function base64url(text: string): string {
  return Buffer.from(text).toString('base64url')
}
