import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { collectLogs } from '../test-support/collect-logs.ts'
import { code_verifier, startSignIn } from '../test-support/sign-in.ts'
import { memoryStore } from './index.ts'

const offline = 'openid profile scope1 offline_access'

describe('front channel', () => {
  it('logs one line a request: endpoint, client, outcome and duration', async (t) => {
    const { logger, lines } = collectLogs()
    const { openBrowser } = await startSignIn(t, { logger })

    await openBrowser().authorize({ scope: 'nope' })

    const [{ level, message, fields } = {}, ...others] = lines
    const { duration, requestId, ...rest } = fields ?? {}
    assert.deepEqual(others, [])
    assert.deepEqual([level, message], ['info', 'authorize'])
    assert.equal(typeof duration, 'number')
    assert.match(String(requestId), /^[\da-f-]{36}$/)
    assert.deepEqual(rest, {
      endpoint: 'authorize',
      client_id: 'web',
      outcome: 'invalid_scope',
      description: 'nope is unknown, or not allowed for this client',
    })
  })

  it('logs the id that the error page shows', async (t) => {
    const { logger, lines } = collectLogs()
    const { openBrowser } = await startSignIn(t, { logger })

    const { body } = await openBrowser().authorize({ redirect_uri: undefined })

    const logged = lines.map(({ fields }) => fields.requestId)
    assert.deepEqual(logged, [JSON.parse(body).requestId])
  })

  it('bounds what it logs of the client_id that a request claims', async (t) => {
    const { logger, lines } = collectLogs()
    const { openBrowser } = await startSignIn(t, { logger })

    await openBrowser().authorize({ client_id: 'x'.repeat(5000) })

    assert.equal(lines[0]?.fields.client_id, 'x'.repeat(100))
  })

  it('puts no code, token, cookie, secret or verifier into logs and events', async (t) => {
    const { logger, lines } = collectLogs()
    const { events, signIn, redeem, refresh, userinfo, revoke, introspect, requestToken, issuer } =
      await startSignIn(t, { logger })
    const told: unknown[] = []
    const emit = events.raise.bind(events)
    events.raise = (...event) => {
      told.push(event)
      emit(...event)
    }
    const changes = {
      client_id: 'rotating',
      scope: offline,
      state: 'the-state',
      nonce: 'the-nonce',
    }
    const caller = { client_id: 'rotating' }

    const { code, browser, landing, logOut } = await signIn(changes)
    const cookie = browser.cookie('idsrv')
    const first = await (await redeem(code, {}, 'rotating')).json()
    const second = await (await refresh(first.refresh_token, {}, 'rotating')).json()
    await userinfo(second.access_token)
    await introspect(second.access_token, caller)
    await browser.open(`${issuer}/connect/endsession?id_token_hint=${first.id_token}`)
    await refresh(first.refresh_token, {}, 'rotating')
    await redeem(code, {}, 'rotating')
    await redeem(second.refresh_token, { code_verifier }, 'rotating')
    await revoke(second.refresh_token, caller)
    await userinfo(`${second.access_token}x`)
    await requestToken(
      { grant_type: 'client_credentials' },
      { client_id: 'web', secret: 'guessed' },
    )
    await browser.open(`/connect/authorize?id_token_hint=${first.id_token}&client_id=rotating`)
    await logOut()

    const all = JSON.stringify([lines, told])
    assert.ok(lines.length > 10 && told.length > 10, `${lines.length} lines, ${told.length} events`)
    for (const secret of [
      ...[code, cookie, code_verifier, 'guessed', 'the-state', 'the-nonce', landing.url.search],
      ...[first, second].flatMap((tokens) => [
        tokens.access_token,
        tokens.id_token,
        tokens.refresh_token,
      ]),
      ...['"secret"', Buffer.from('rotating:secret').toString('base64')],
    ])
      assert.equal(all.includes(secret), false, secret)
  })

  it('stores no code, token or cookie in a form that can be used', async (t) => {
    const store = memoryStore()
    const { signInForTokens } = await startSignIn(t, { store })
    const { tokens, code, browser } = await signInForTokens({
      client_id: 'reference',
      scope: offline,
    })
    const cookie = browser.cookie('idsrv')

    const stored = JSON.stringify(await store.getAll({ subject: 'alice' }))

    for (const secret of [code, cookie, tokens.access_token, tokens.refresh_token])
      assert.equal(stored.includes(secret), false)
  })

  it('shows an error page when it fails, and logs why', async (t) => {
    const { logger, lines } = collectLogs()
    const users = {
      findUserBySub: () => {
        throw new Error('the user store is down')
      },
    }
    const { signIn } = await startSignIn(t, { logger, users })

    const { landing } = await signIn()

    assert.equal(landing.url.pathname, '/error')
    assert.equal(JSON.parse(landing.body).error, 'server_error')
    assert.doesNotMatch(landing.body, /user store/)
    const { err } = lines.find(({ level }) => level === 'error')?.fields ?? {}
    assert.ok(err instanceof Error)
    assert.match(String(err.cause), /the user store is down/)
  })
})
