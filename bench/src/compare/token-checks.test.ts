import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, describe, it } from 'node:test'

import { exportJWK, type GenerateKeyPairResult, generateKeyPair, SignJWT } from 'jose'

import { api, user } from './registrations.ts'
import { nonce } from './sign-in.ts'
import { checkMachineToken, checkUserTokens } from './token-checks.ts'

type Alg = 'RS256' | 'ES256'
/** Those that are undefined are left out. */
type Claims = Readonly<Record<string, unknown>>

const now = Math.floor(Date.now() / 1_000)
const times = { iat: now, exp: now + 600 }
const handle = 'r'.repeat(43)
const opaqueToken = 'o'.repeat(43)

describe('checks of tokens', () => {
  const keys = new Map<string, GenerateKeyPairResult>()
  const server = createServer((req, res) => {
    if (req.url === '/connect/userinfo') return sendUserinfo(req, res)
    if (req.method === 'GET') return void publish().then((jwks) => res.end(jwks))
    req.on('data', (form) => {
      res.writeHead(String(form).includes(handle) ? 200 : 400).end('{}')
    })
  })
  let issuer = ''

  async function publish(): Promise<string> {
    const ofService = (['RS256', 'ES256'] as const).map(async (alg) => ({
      ...(await exportJWK(keyOf(alg).publicKey)),
      alg,
      kid: alg,
    }))
    return JSON.stringify({ keys: await Promise.all(ofService) })
  }

  function sendUserinfo({ headers }: IncomingMessage, res: ServerResponse): void {
    const body = JSON.stringify(user)
    const status = headers.authorization === `Bearer ${opaqueToken}` ? 200 : 401
    res.writeHead(status, { 'Content-Length': body.length }).end(body)
  }

  function keyOf(name: string): GenerateKeyPairResult {
    const pair = keys.get(name)
    assert.ok(pair)
    return pair
  }

  async function sign(claims: Claims, alg: Alg, typ?: string, key: string = alg) {
    return new SignJWT({ iss: issuer, ...times, ...claims })
      .setProtectedHeader({ alg, kid: alg, ...(typ !== undefined && { typ }) })
      .sign(keyOf(key).privateKey)
  }

  before(async () => {
    for (const [name, alg] of Object.entries({ RS256: 'RS256', ES256: 'ES256', foreign: 'ES256' }))
      keys.set(name, await generateKeyPair(alg))
    await once(server.listen(0, '127.0.0.1'), 'listening')
    issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  after(() => {
    server.close()
    server.closeAllConnections()
  })

  const answer = (members: object) => ({ status: 200, head: '', body: JSON.stringify(members) })

  describe('of a machine', () => {
    const claims = { aud: `${api}/es256`, scope: 'es256', client_id: 'es256', sub: 'es256' }
    const check = async (
      jwt: string,
      members: object = { token_type: 'Bearer', expires_in: 600 },
    ) => checkMachineToken('ES256', 'es256')(answer({ access_token: jwt, ...members }), issuer)

    it('take it', async () => {
      await check(await sign(claims, 'ES256', 'at+jwt'))
    })

    const wrongClaims: Record<string, Claims> = {
      iss: { iss: 'https://other.example' },
      aud: { aud: api },
      scope: { scope: 'rs256' },
      client_id: { client_id: 'rs256', sub: 'rs256' },
      sub: { sub: 'rs256' },
      'exp that has passed': { exp: now - 1 },
      'no exp': { exp: undefined },
      'iat of long ago': { iat: now - 3_600 },
      'no iat': { iat: undefined },
    }
    for (const [what, wrong] of Object.entries(wrongClaims))
      it(`refuse one with another claim than it should have: ${what}`, async () => {
        await assert.rejects(check(await sign({ ...claims, ...wrong }, 'ES256', 'at+jwt')))
      })

    it('refuse one of another type, algorithm or key', async () => {
      await assert.rejects(check(await sign(claims, 'ES256', 'JWT')), /"typ"/)
      await assert.rejects(check(await sign(claims, 'RS256', 'at+jwt')), /"alg"/)
      await assert.rejects(check(await sign(claims, 'ES256', 'at+jwt', 'foreign')), /signature/)
    })

    it('refuse an answer that does not say what it is, and for how long', async () => {
      const jwt = await sign(claims, 'ES256', 'at+jwt')

      await assert.rejects(check(jwt, { expires_in: 600 }), /not as it should be/)
      await assert.rejects(check(jwt, { token_type: 'Bearer' }), /not as it should be/)
    })
  })

  describe('of the user', () => {
    const access = { aud: api, scope: 'openid api', client_id: 'web', sub: '1' }
    const id = { aud: 'web', sub: '1', nonce }
    const check = async (
      wrong: { access?: Claims; id?: Claims; idAlg?: Alg; refresh_token?: string },
      nonces?: readonly unknown[],
    ) => {
      const access_token = await sign({ ...access, ...wrong.access }, 'ES256', 'at+jwt')
      const at_hash = hash('sha256', access_token, 'buffer').subarray(0, 16).toString('base64url')
      const id_token = await sign({ ...id, at_hash, ...wrong.id }, wrong.idAlg ?? 'RS256')
      const { refresh_token = handle } = wrong
      await checkUserTokens('web', nonces)(
        answer({ access_token, id_token, refresh_token }),
        issuer,
      )
    }

    it('take them, a refreshed ID Token without a nonce as well', async () => {
      await check({})
      await check({ id: { nonce: undefined } }, [nonce, undefined])
      await check({ id: { at_hash: undefined } })
    })

    const checkOf = async (
      client_id: 'web-es256' | 'web-reference',
      access_token: string,
      at_hash?: string,
    ) => {
      const id_token = await sign({ ...id, aud: client_id, at_hash }, 'RS256')
      const members = { access_token, id_token, refresh_token: handle }
      await checkUserTokens(client_id)(answer(members), issuer)
    }

    it('take an access token of a client with ES256, and refuse one with RS256', async () => {
      const claims = { ...access, client_id: 'web-es256' }

      await checkOf('web-es256', await sign(claims, 'ES256', 'at+jwt'))
      await assert.rejects(checkOf('web-es256', await sign(claims, 'RS256', 'at+jwt')), /"alg"/)
    })

    it('take an opaque access token that is good for userinfo, and no other', async () => {
      const jwt = await sign({ ...access, client_id: 'web-reference' }, 'ES256', 'at+jwt')

      await checkOf('web-reference', opaqueToken)
      await assert.rejects(checkOf('web-reference', 'x'.repeat(43)), /401 in place of 200/)
      await assert.rejects(checkOf('web-reference', opaqueToken, 'another'), /not as it should be/)
      await assert.rejects(checkOf('web-reference', jwt), /not as it should be/)
    })

    const wrongTokens: Record<string, Parameters<typeof check>[0]> = {
      'audience of the access token': { access: { aud: 'web' } },
      'scope of the access token': { access: { scope: 'openid' } },
      'client of the access token': { access: { client_id: 'es256' } },
      'subject of the access token': { access: { sub: 'web' } },
      'audience of the ID Token': { id: { aud: api } },
      'subject of the ID Token': { id: { sub: '2' } },
      'nonce of the ID Token': { id: { nonce: 'another' } },
      'missing nonce of the ID Token': { id: { nonce: undefined } },
      'at_hash of the ID Token, of another access token': { id: { at_hash: 'another' } },
      'algorithm of the ID Token': { idAlg: 'ES256' },
      'refresh token': { refresh_token: '' },
      'refresh token, which nobody knows': { refresh_token: 'u'.repeat(43) },
    }
    for (const [what, wrong] of Object.entries(wrongTokens))
      it(`refuse a wrong ${what}`, async () => {
        await assert.rejects(check(wrong))
      })
  })
})
