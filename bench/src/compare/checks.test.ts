import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, it, type TestContext } from 'node:test'

import {
  type Check,
  checkCode,
  checkDiscovery,
  checkIntrospection,
  checkKeys,
  checkReferenceToken,
  checkUserinfo,
} from './checks.ts'
import { redirect_uri, user } from './registrations.ts'
import { state } from './sign-in.ts'

const issuer = 'https://issuer.example'
const owner = { client_id: 'reference', scope: 'reference' }
const active = { active: true, iss: issuer, ...owner, exp: Math.floor(Date.now() / 1_000) + 60 }
const keys = [{ kty: 'RSA' }, { kty: 'EC' }]
const discovery = { issuer, jwks_uri: `${issuer}/.well-known/openid-configuration/jwks` }

const answer = (members: object) => ({ status: 200, head: '', body: JSON.stringify(members) })

describe('checks of a document', () => {
  const documents: Record<string, [Check, good: object, ...wrong: object[]]> = {
    discovery: [checkDiscovery, discovery, { issuer: '' }, { jwks_uri: `${issuer}/jwks` }],
    keys: [checkKeys, { keys }, { keys: keys.slice(1) }, { keys: [...keys, { kty: 'EC', d: '' }] }],
    userinfo: [checkUserinfo, user, { sub: '2' }, { name: '' }, { website: '' }],
    introspection: [
      checkIntrospection(owner),
      active,
      { active: false },
      { iss: '' },
      { client_id: 'web' },
      { scope: 'api' },
      { exp: 1 },
    ],
  }
  for (const [name, [check, good, ...wrong]] of Object.entries(documents)) {
    it(`take what is as it should be: ${name}`, async () => {
      assert.equal(await check(answer(good), issuer), undefined)
    })

    for (const member of wrong)
      it(`refuse ${name} with ${JSON.stringify(member)}`, async () => {
        await assert.rejects(
          async () => check(answer({ ...good, ...member }), issuer),
          /not as it should be/,
        )
      })
  }
})

describe('checks of what is stored', () => {
  const access_token = 't'.repeat(43)
  const check = checkReferenceToken('https://api.example/reference', owner)

  it('take a reference token that is active', async (t) => {
    const url = await startAnswering(t, (own) => ({ ...active, iss: own }))

    await check(answer({ access_token }), url)
  })

  it('refuse a reference token that was not stored, or can be guessed', async (t) => {
    const forgetful = await startAnswering(t, () => ({ active: false }))
    await assert.rejects(async () => check(answer({ access_token }), forgetful), /"active":false/)

    const url = await startAnswering(t, (own) => ({ ...active, iss: own }))
    await assert.rejects(async () => check(answer({ access_token: 'short' }), url), /short/)
  })

  const redirect = (to: string) => ({
    status: 303,
    head: `HTTP/1.1 303\r\nLocation: ${to}`,
    body: '',
  })
  const good = `${redirect_uri}?code=a-code&state=${state}`

  it('take a code that tokens can be had for', async (t) => {
    const url = await startAnswering(t, () => ({ access_token }))

    await checkCode('web')(redirect(good), url)
  })

  it('refuse a code that was not stored', async (t) => {
    const url = await startAnswering(t, () => undefined)

    await assert.rejects(async () => checkCode('web')(redirect(good), url), /no tokens/)
  })

  for (const wrong of [
    `${redirect_uri}?state=${state}`,
    `${redirect_uri}?code=a-code`,
    `https://other.example/cb?code=a-code&state=${state}`,
  ])
    it(`refuse a redirect to ${wrong}`, async (t) => {
      const url = await startAnswering(t, () => ({ access_token }))

      await assert.rejects(async () => checkCode('web')(redirect(wrong), url))
    })
})

/** A server that answers each request with the same, or with a refusal when there is nothing. */
async function startAnswering(
  t: TestContext,
  create: (own: string) => object | undefined,
): Promise<string> {
  const server = createServer((_req, res) => {
    const body = JSON.stringify(create(url) ?? { error: 'invalid_grant' })
    const status = create(url) === undefined ? 400 : 200
    res.writeHead(status, { 'Content-Length': body.length }).end(body)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  t.after(() => {
    server.close()
    server.closeAllConnections()
  })
  return url
}
