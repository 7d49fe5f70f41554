import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'

import { collectLogs } from '../test-support/collect-logs.ts'
import {
  failingRecords,
  failingStore,
  failures,
  impostors,
  storeSecret,
} from '../test-support/failing-stores.ts'
import { alice, userClients, userResources } from '../test-support/people.ts'
import { clients, machine, resources } from '../test-support/registrations.ts'
import { startSignIn } from '../test-support/sign-in.ts'
import type { ProviderSetup } from '../test-support/start-provider.ts'
import { inMemoryClients } from './index.ts'

const grant_type = 'client_credentials'
const timeout = 10_000

const api = { client_id: 'urn:api1', secret: 'api-secret' }
const bob = { sub: 'bob', claims: {} }

/** Seconds: how long a store that never answers may take. */
const storeTimeout = 0.02

function start(t: TestContext, setup: ProviderSetup) {
  return startSignIn(t, { clients, resources, ...setup, options: { storeTimeout } })
}

async function assertServerError(response: Response): Promise<void> {
  assert.deepEqual(
    [response.status, response.headers.get('cache-control'), await response.json()],
    [
      500,
      'no-store',
      { error: 'server_error', error_description: 'the token service failed; its log says why' },
    ],
  )
}

describe('a client store that', () => {
  for (const [failure, answer] of failures) {
    it(`${failure} is a server_error of every back-channel endpoint`, { timeout }, async (t) => {
      const { logger, lines } = collectLogs()
      const setup = { clients: failingStore(answer), logger }
      const { requestToken, pushRequest, introspect, revoke } = await start(t, setup)

      await assertServerError(await requestToken({ grant_type }))
      await assertServerError(await pushRequest({ response_type: 'code' }))
      await assertServerError(await introspect('token'))
      await assertServerError(await revoke('token'))
      assert.equal(lines.filter(({ level }) => level === 'error').length, 4)
    })

    it(`${failure} has not said that the client of a token is gone`, { timeout }, async (t) => {
      const known = inMemoryClients(userClients)
      let answerer: (id: string) => unknown = known.findClientById
      const store = { ...known, findClientById: (id: string) => answerer(id) as never }
      const setup = { clients: store, resources: userResources }
      const { signInForTokens, introspect, userinfo } = await start(t, setup)
      const { access_token } = (await signInForTokens({ scope: 'openid scope1' })).tokens
      answerer = answer

      await assertServerError(await introspect(access_token, api))
      await assertServerError(await userinfo(access_token))
    })

    it(`${failure} leads browsers to the error page`, { timeout }, async (t) => {
      const { openBrowser } = await start(t, { clients: failingStore(answer) })

      const { body } = await openBrowser().authorize()

      assert.equal(JSON.parse(body).error, 'server_error')
      assert.equal(body.includes(storeSecret), false)
    })

    it(`${failure} keeps nobody from signing out`, { timeout }, async (t) => {
      const { openBrowser, issuer } = await start(t, { clients: failingStore(answer) })

      const { url } = await openBrowser().browser.open(
        `${issuer}/connect/endsession?client_id=client`,
      )

      assert.equal(url.pathname, '/account/logout')
    })

    it(`${failure} is a server_error where a script calls`, { timeout }, async (t) => {
      const { request } = await start(t, { clients: failingStore(answer) })
      const headers = { origin: 'https://app.example' }

      await assertServerError(await request('/connect/token', { method: 'POST', headers }))
      await assertServerError(await request('/.well-known/openid-configuration', { headers }))
    })
  }

  for (const [impostor, imitate] of impostors)
    it(`answers with ${impostor} is a server_error`, async (t) => {
      const store = inMemoryClients(clients)
      const findClientById = () => imitate({ ...machine, clientId: 'client' }) as never
      const { requestToken } = await start(t, { clients: { ...store, findClientById } })

      await assertServerError(await requestToken({ grant_type }))
    })

  it('fails is told of in the log, with its own reason', async (t) => {
    const { logger, lines } = collectLogs()
    const reason = new Error(storeSecret)
    const store = failingStore(() => Promise.reject(reason))
    const { requestToken } = await start(t, { clients: store, logger })

    await requestToken({ grant_type })

    const { err } = lines.find(({ level }) => level === 'error')?.fields ?? {}
    assert.ok(err instanceof Error)
    assert.equal(err.message, 'a store of the host failed to answer findClientById')
    assert.equal(err.cause, reason)
  })
})

describe('a resource store that', () => {
  for (const [failure, answer] of failures)
    it(`${failure} is a server_error`, { timeout }, async (t) => {
      const { requestToken, introspect, request, openBrowser } = await start(t, {
        resources: failingStore(answer),
      })

      await assertServerError(await requestToken({ grant_type }))
      await assertServerError(await introspect('token'))
      await assertServerError(await request('/.well-known/openid-configuration'))
      const { body } = await openBrowser().authorize()
      assert.equal(JSON.parse(body).error, 'server_error')
    })

  it('answers with more than was asked for gives nobody more', async (t) => {
    const everything = failingStore(() => resources)
    const { requestToken } = await start(t, { resources: everything })

    const tokens = await (await requestToken({ grant_type }, { client_id: 'narrow' })).json()

    assert.equal(tokens.scope, 'scope1')
  })

  it('answers with another API than was asked for is a server_error', async (t) => {
    const [api] = resources.apiResources
    const { introspect } = await start(t, { resources: failingStore(() => api) })

    await assertServerError(await introspect('t', { client_id: 'urn:api2', secret: 'api-secret' }))
  })
})

describe('a user store that', () => {
  const scope = 'openid offline_access scope1'

  for (const [failure, answer] of [...failures, ['answers with another user', () => bob] as const])
    it(`${failure} is a server_error`, { timeout }, async (t) => {
      let answerer: (sub: string) => unknown = () => alice
      const users = { findUserBySub: (sub: string) => answerer(sub) as never }
      const setup = { clients: userClients, resources: userResources, users }
      const { signIn, signInForTokens, redeem, refresh, introspect, userinfo } = await start(
        t,
        setup,
      )
      const { tokens, authorize } = await signInForTokens({ scope })
      const { code } = await signIn()
      answerer = answer

      await assertServerError(await redeem(code))
      await assertServerError(await refresh(tokens.refresh_token))
      await assertServerError(await userinfo(tokens.access_token))
      await assertServerError(await introspect(tokens.access_token, api))
      await assertServerError(await introspect(tokens.refresh_token, { client_id: 'web' }))
      assert.equal(JSON.parse((await authorize()).body).error, 'server_error')
    })
})

describe('a store of codes, tokens and sessions that', () => {
  const headers = { cookie: `idsrv=${'a'.repeat(43)}` }

  for (const failure of ['throws', 'rejects'])
    for (const path of [
      '/connect/authorize?client_id=nobody',
      '/connect/authorize/callback?authzId=any',
      '/connect/endsession?id_token_hint=any',
      '/connect/endsession/callback?endSessionId=any',
      '/connect/checksession',
    ])
      it(`${failure}, and so keeps no error page, is a server_error of ${path}`, async (t) => {
        const { logger, lines } = collectLogs()
        const store = failingRecords(failures.get(failure) ?? assert.fail)
        const { request } = await start(t, { store, logger })

        const response = await request(path, { headers, redirect: 'manual' })

        assert.equal(response.headers.get('referrer-policy'), 'no-referrer')
        await assertServerError(response)
        const [line, ...others] = lines.filter(({ level }) => level === 'info')
        assert.deepEqual([line?.fields.outcome, others], ['server_error', []])
        assert.match(String(lines[0]?.fields.err), new RegExp(storeSecret))
      })
})
