import { hash, randomUUID } from 'node:crypto'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import type { TestContext } from 'node:test'
import { startServer } from '@basics/protocol/test-support/start-server'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'

const rightKey = await generateKeyPair('RS256')
const otherKey = await generateKeyPair('RS256')
const jwk = { ...(await exportJWK(rightKey.publicKey)), kid: 'key', alg: 'RS256', use: 'sig' }

/**
 * A provider that does what the test tells it, wrong things above all. It signs everyone in as alice
 * without asking.
 */
export async function startFakeProvider(t: TestContext) {
  const url = await startServer(t, serve)

  const provider = {
    url,
    metadata: {
      issuer: url,
      authorization_endpoint: `${url}/authorize`,
      token_endpoint: `${url}/token`,
      userinfo_endpoint: `${url}/userinfo`,
      jwks_uri: `${url}/jwks`,
      end_session_endpoint: `${url}/endsession`,
      revocation_endpoint: `${url}/revoke`,
      authorization_response_iss_parameter_supported: true,
      id_token_signing_alg_values_supported: ['RS256'],
    } as Record<string, unknown>,
    /** Changes the parameters of the authorization response; undefined removes one. */
    response: {} as Record<string, string | undefined>,
    /** Changes the claims of the ID Token. */
    idToken: {} as Record<string, unknown>,
    /** Changes the claims of the ID Token that comes with the code, in a form. */
    formIdToken: {} as Record<string, unknown>,
    /** How ID Tokens and logout tokens are signed. */
    signature: 'right' as 'right' | 'other key' | 'none' | 'HMAC with the public key',
    /** Changes the token response. */
    tokenResponse: {} as Record<string, unknown>,
    userInfo: { sub: 'alice', name: 'Alice Smith', iss: 'userinfo' } as Record<string, unknown>,
    /** Takes the place of the answer on a path. */
    instead: new Map<string, RequestListener>(),
    /** Every request so far, such as `POST /token`, with its parameters. */
    requests: [] as { line: string; authorization: string; parameters: Record<string, string> }[],
    /**
     * A logout token for alice's session; undefined removes a claim.
     *
     * @param header Changes the header.
     */
    signLogoutToken(
      claims: Record<string, unknown> = {},
      header: Record<string, unknown> = {},
    ): Promise<string> {
      const iat = Math.floor(Date.now() / 1000)
      const events = { 'http://schemas.openid.net/event/backchannel-logout': {} }
      const jti = randomUUID()
      const all = { iss: url, aud: 'client', iat, exp: iat + 120, jti, events, ...claims }
      return sign({ sub: 'alice', sid: 'sid1', ...all }, { typ: 'logout+jwt', ...header })
    },
    count: (line: string) => provider.requests.filter((request) => request.line === line).length,
    last: (line: string) => provider.requests.findLast((request) => request.line === line),
  }
  const nonces = new Map<string, string>()

  async function signIdToken(
    nonce: string | undefined,
    changes: Record<string, unknown>,
  ): Promise<string> {
    const iat = Math.floor(Date.now() / 1000)
    const claims = {
      iss: url,
      sub: 'alice',
      aud: 'client',
      iat,
      exp: iat + 300,
      auth_time: iat,
      idp: 'local',
      amr: ['pwd'],
      sid: 'sid1',
      nonce,
      ...changes,
    }
    return sign(claims, {})
  }

  async function sign(claims: object, header: object): Promise<string> {
    if (provider.signature === 'none')
      return `${encode({ ...header, alg: 'none' })}.${encode(claims)}.`
    const jwt = new SignJWT({ ...claims })
    if (provider.signature === 'HMAC with the public key')
      return jwt
        .setProtectedHeader({ alg: 'HS256', kid: 'key', ...header })
        .sign(Buffer.from(JSON.stringify(jwk)))
    const { privateKey } = provider.signature === 'right' ? rightKey : otherKey
    return jwt.setProtectedHeader({ alg: 'RS256', kid: 'key', ...header }).sign(privateKey)
  }

  async function serve(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(req.url ?? '', url)
    const line = `${req.method} ${pathname}`
    const sent = req.method === 'POST' ? new URLSearchParams(await text(req)) : searchParams
    const parameters = Object.fromEntries(sent)
    provider.requests.push({ line, authorization: req.headers.authorization ?? '', parameters })
    const instead = provider.instead.get(pathname)
    if (instead !== undefined) return instead(req, res)

    const reply = (body: unknown) =>
      res.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(body))
    if (pathname === '/.well-known/openid-configuration') reply(provider.metadata)
    else if (pathname === '/jwks') reply({ keys: [jwk] })
    else if (pathname === '/userinfo') reply(provider.userInfo)
    else if (pathname === '/endsession') res.end('signed out')
    else if (pathname === '/revoke') res.end()
    else if (pathname === '/authorize') {
      const code = `code-${nonces.size}`
      nonces.set(code, parameters.nonce ?? '')
      const back = new URL(parameters.redirect_uri ?? '')
      const answer = { code, state: parameters.state, iss: url, ...provider.response }
      if (parameters.response_mode === 'form_post') {
        const c_hash = hash('sha256', code, 'buffer').subarray(0, 16).toString('base64url')
        const changes = { c_hash, ...provider.formIdToken }
        const id_token = await signIdToken(parameters.nonce, changes)
        res.end(createFormPost(back, { id_token, ...answer }))
        return
      }
      for (const [name, value] of Object.entries(answer))
        if (value !== undefined) back.searchParams.set(name, value)
      res.writeHead(302, { Location: back.href }).end()
    } else if (pathname === '/token') {
      const count = provider.count('POST /token')
      reply({
        access_token: `access-${count}`,
        refresh_token: `refresh-${count}`,
        token_type: 'Bearer',
        expires_in: 3600,
        id_token: await signIdToken(nonces.get(parameters.code ?? ''), provider.idToken),
        ...provider.tokenResponse,
      })
    } else res.writeHead(404).end()
  }
  return provider
}

function createFormPost(action: URL, fields: Record<string, string | undefined>): string {
  const inputs = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `<input type="hidden" name="${name}" value="${value}">`)
  return `<form method="post" action="${action.href}">${inputs.join('')}</form>`
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

/** Answers with a status and a JSON body. */
export function answerWith(
  status: number,
  body: object,
  headers: Record<string, string> = {},
): RequestListener {
  return (_req, res) =>
    res
      .writeHead(status, { 'Content-Type': 'application/json', ...headers })
      .end(JSON.stringify(body))
}
