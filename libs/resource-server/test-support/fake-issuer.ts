import type { RequestListener } from 'node:http'
import { text } from 'node:stream/consumers'
import type { TestContext } from 'node:test'
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'

import { listening } from './listening.ts'

export interface SigningKey {
  readonly privateKey: CryptoKey
  readonly jwk: JWK & { readonly kid: string }
}

/** What a test sees of an issuer, and may change in it while it runs. */
export interface FakeIssuer {
  readonly url: string
  readonly discovery: Record<string, unknown>
  readonly keys: SigningKey[]
  /** What introspection says of each token; of any other, that it is not active. */
  readonly introspection: Map<string, Record<string, unknown>>
  /** Takes the place of the real answer on every path, when it is set. */
  instead: RequestListener | undefined
  /** Every request so far, such as `GET /jwks`, with what it brought. */
  readonly requests: {
    readonly line: string
    readonly authorization?: string
    readonly body: string
  }[]
  /** Counts the requests with this method and path. */
  readonly count: (line: string) => number
  /** A valid access token for `api1` with scope1, but for what is given here. */
  readonly sign: (
    claims?: Record<string, unknown>,
    header?: Record<string, unknown>,
    key?: SigningKey,
  ) => Promise<string>
}

/** The time at which the tests begin, in seconds since the epoch. */
export const startTime = 1_800_000_000

export async function createSigningKey(kid: string, alg = 'ES256'): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg)
  return { privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg } }
}

/** Starts an issuer with one ES256 key, whose API resource is `api1` with the secret `se:cret %`. */
export async function startIssuer(t: TestContext): Promise<FakeIssuer> {
  const firstKey = await createSigningKey('first')
  const listener: RequestListener = async (req, res) => {
    const line = `${req.method} ${req.url}`
    const { authorization } = req.headers
    const body = await text(req)
    issuer.requests.push({ line, body, ...(authorization !== undefined && { authorization }) })
    if (issuer.instead !== undefined) return issuer.instead(req, res)

    const send = (status: number, value: unknown) =>
      res.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(value))
    if (line === 'GET /.well-known/openid-configuration') send(200, issuer.discovery)
    else if (line === 'GET /jwks') send(200, { keys: issuer.keys.map(({ jwk }) => jwk) })
    else if (line !== 'POST /introspect') send(404, {})
    // `se:cret %`, form-encoded as RFC 6749 §2.3.1 wants it.
    else if (authorization !== `Basic ${btoa('api1:se%3Acret+%25')}`) send(401, {})
    else {
      const token = new URLSearchParams(body).get('token') ?? ''
      send(200, issuer.introspection.get(token) ?? { active: false })
    }
  }
  const url = await listening(t, listener)

  const issuer: FakeIssuer = {
    url,
    discovery: {
      issuer: url,
      jwks_uri: `${url}/jwks`,
      introspection_endpoint: `${url}/introspect`,
    },
    keys: [firstKey],
    introspection: new Map(),
    instead: undefined,
    requests: [],
    count: (line) => issuer.requests.filter((request) => request.line === line).length,
    sign: (claims, header, { privateKey, jwk } = firstKey) =>
      new SignJWT({
        iss: url,
        sub: 'client1',
        client_id: 'client1',
        aud: ['api1', `${url}/resources`],
        scope: 'scope1 scope3',
        iat: startTime,
        exp: startTime + 3600,
        jti: 'jti1',
        ...claims,
      })
        .setProtectedHeader({ alg: jwk.alg ?? 'ES256', kid: jwk.kid, typ: 'at+jwt', ...header })
        .sign(privateKey),
  }
  return issuer
}
