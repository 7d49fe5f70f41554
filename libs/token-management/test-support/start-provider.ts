import { randomUUID } from 'node:crypto'
import { text } from 'node:stream/consumers'
import type { TestContext } from 'node:test'

import { startServer } from '@basics/protocol/test-support/start-server'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'

import type { Answer } from './start-token-service.ts'

const { privateKey, publicKey } = await generateKeyPair('ES256')
const jwk = { ...(await exportJWK(publicKey)), kid: 'key', alg: 'ES256', use: 'sig' }

interface TokenRequest {
  readonly authorization: string | undefined
  readonly parameters: Readonly<Record<string, string>>
}

/**
 * A provider that signs everyone in as alice without asking. Each of its refresh tokens is good for one
 * use: whoever sends one twice has lost the grant, as RFC 9700 §4.14.2 wants it.
 */
export async function startProvider(t: TestContext) {
  const provider = {
    issuer: '',
    /** Seconds that access tokens live. */
    lifetime: 3600 as number | undefined,
    /** Whether a refresh brings a new refresh token. */
    rotates: true,
    /** Refreshes are answered once this is resolved. */
    gate: Promise.resolve() as Promise<unknown>,
    /** Takes the place of the answer to a refresh. */
    instead: undefined as ((request: TokenRequest) => Answer) | undefined,
    /** Changes a successful answer to a refresh. */
    extra: {} as Record<string, unknown>,
    /** Takes the place of the answer that has the keys. */
    insteadOfKeys: undefined as (() => Answer | Promise<Answer>) | undefined,
    hasRevocation: true,
    /** Makes the revocation endpoint never answer. */
    revocationHangs: false,
    revocationAnswer: { body: '' } as Answer,
    refreshes: [] as TokenRequest[],
    revocations: [] as TokenRequest[],
    /** Resolves when the next refresh has come in. */
    nextRefresh: () => refreshed.promise,
    /** The refresh tokens that are good. */
    alive: new Set<string>(),
    /** Whether a refresh token was sent twice. */
    isReplayed: false,
  }
  let refreshed = Promise.withResolvers<void>()
  const nonces = new Map<string, string>()
  let count = 0

  async function issue(nonce?: string) {
    count++
    const refresh_token = `refresh-${count}`
    if (nonce !== undefined || provider.rotates) provider.alive.add(refresh_token)
    return {
      access_token: `access-${count}`,
      token_type: 'Bearer',
      ...(provider.lifetime !== undefined && { expires_in: provider.lifetime }),
      ...((nonce !== undefined || provider.rotates) && { refresh_token }),
      ...(nonce !== undefined && { id_token: await signIdToken(provider.issuer, { nonce }) }),
    }
  }

  async function refresh(request: TokenRequest): Promise<Answer> {
    provider.refreshes.push(request)
    refreshed.resolve()
    refreshed = Promise.withResolvers()
    await provider.gate
    if (provider.instead !== undefined) return provider.instead(request)
    const { refresh_token = '', scope } = request.parameters
    if (!provider.alive.has(refresh_token)) {
      provider.isReplayed = true
      provider.alive.clear()
      return { status: 400, body: { error: 'invalid_grant', error_description: 'used before' } }
    }
    if (provider.rotates) provider.alive.delete(refresh_token)
    return { body: { ...(await issue()), ...(scope && { scope }), ...provider.extra } }
  }

  provider.issuer = await startServer(t, async (req, res) => {
    const { pathname, searchParams } = new URL(req.url ?? '', provider.issuer)
    const reply = ({ status = 200, headers = {}, body }: Answer) => {
      res.writeHead(status, { 'Content-Type': 'application/json', ...headers })
      res.end(typeof body === 'string' ? body : JSON.stringify(body))
    }
    const { authorization } = req.headers
    const parameters = Object.fromEntries(new URLSearchParams(await text(req)))

    if (pathname === '/authorize') {
      const code = randomUUID()
      nonces.set(code, searchParams.get('nonce') ?? '')
      const back = new URL(searchParams.get('redirect_uri') ?? '')
      back.search = new URLSearchParams({
        code,
        state: searchParams.get('state') ?? '',
        iss: provider.issuer,
      }).toString()
      res.writeHead(302, { Location: back.href }).end()
    } else if (pathname === '/jwks')
      reply((await provider.insteadOfKeys?.()) ?? { body: { keys: [jwk] } })
    else if (pathname === '/revoke') {
      provider.revocations.push({ authorization, parameters })
      provider.alive.delete(parameters.token ?? '')
      if (!provider.revocationHangs) reply(provider.revocationAnswer)
    } else if (pathname !== '/token') reply({ body: createMetadata(provider) })
    else if (parameters.grant_type === 'refresh_token')
      reply(await refresh({ authorization, parameters }))
    else reply({ body: await issue(nonces.get(parameters.code ?? '') ?? '') })
  })
  return provider
}

export type Provider = Awaited<ReturnType<typeof startProvider>>

export async function signIdToken(issuer: string, claims: object): Promise<string> {
  const iat = Math.floor(Date.now() / 1000)
  const all = { iss: issuer, sub: 'alice', aud: 'client', iat, exp: iat + 300, ...claims }
  return new SignJWT(all).setProtectedHeader({ alg: 'ES256', kid: 'key' }).sign(privateKey)
}

function createMetadata({ issuer, hasRevocation }: { issuer: string; hasRevocation: boolean }) {
  return {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/jwks`,
    ...(hasRevocation && { revocation_endpoint: `${issuer}/revoke` }),
    authorization_response_iss_parameter_supported: true,
    id_token_signing_alg_values_supported: ['ES256'],
  }
}
