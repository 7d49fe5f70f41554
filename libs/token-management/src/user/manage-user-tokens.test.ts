import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'

import type { UserSession } from '@basics/relying-party'

import { collectEvents } from '../../test-support/collect-events.ts'
import { signOutDuringRefresh } from '../../test-support/sign-out-during-refresh.ts'
import { signIdToken } from '../../test-support/start-provider.ts'
import { startWebApp } from '../../test-support/start-web-app.ts'
import { onTokenEvents } from '../events.ts'
import type { UserTokenOptions } from './manage-user-tokens.ts'

async function start(t: TestContext, options: UserTokenOptions = {}) {
  const app = await startWebApp(t, options)
  return { ...app, user: await app.signIn() }
}

const unavailable = () => ({ status: 503, body: {} })
const invalidGrant = () => ({ status: 400, body: { error: 'invalid_grant' } })

/** What an event is about, always the same in these tests. */
function withoutSubject({ client, session, ...event }: { client: string; session?: string }) {
  return event
}

describe("a user's access token", () => {
  it('is that of the sign-in while it is good', async (t) => {
    const { provider, clock, user } = await start(t)

    clock.seconds = 3600 - 100
    const { token, events } = await user.ask('/get')

    assert.equal(token.access_token, 'access-1')
    assert.equal(provider.refreshes.length, 0)
    const [reused] = events
    assert.ok(reused?.event === 'reused' && Math.abs(reused.expires_in - 100) <= 20)
  })

  it('is renewed 60 s before it expires, and then used', async (t) => {
    const { provider, clock, user } = await start(t)

    clock.seconds = 3600 - 60
    const { token, events } = await user.ask('/get')

    assert.equal(token.access_token, 'access-2')
    assert.deepEqual(events.map(withoutSubject), [
      { event: 'requested', attempt: 1 },
      { event: 'renewed', expires_in: 3600 },
    ])
    const [{ authorization, parameters } = { authorization: '', parameters: {} }] =
      provider.refreshes
    assert.equal(authorization, `Basic ${btoa('client:secret')}`)
    assert.deepEqual(parameters, { grant_type: 'refresh_token', refresh_token: 'refresh-1' })
    assert.equal((await user.ask('/get')).token.access_token, 'access-2')
  })

  it('is not renewed before half its lifetime', async (t) => {
    const { provider, clock, login, signIn } = await startWebApp(t)
    provider.lifetime = 75
    const user = await signIn()

    clock.seconds = 20
    assert.equal((await user.ask('/get')).token.access_token, 'access-1')
    clock.seconds = 38
    assert.equal((await user.ask('/get')).token.access_token, 'access-2')
    assert.equal(login.clientId, 'client')
  })

  it('that does not say how long it lives is renewed as if it lived 300 s', async (t) => {
    const { provider, clock, signIn } = await startWebApp(t)
    provider.lifetime = undefined
    const user = await signIn()

    clock.seconds = 300 - 100
    assert.equal((await user.ask('/get')).token.access_token, 'access-1')
    clock.seconds = 300 - 60
    assert.equal((await user.ask('/get')).token.access_token, 'access-2')
  })

  it('is renewed again with the refresh token that the renewal brought', async (t) => {
    const { provider, clock, user } = await start(t)

    for (const seconds of [3600, 7200, 10_800]) {
      clock.seconds = seconds
      await user.ask('/get')
    }

    assert.deepEqual(
      provider.refreshes.map(({ parameters }) => parameters.refresh_token),
      ['refresh-1', 'refresh-2', 'refresh-3'],
    )
    assert.equal(provider.isReplayed, false)
  })

  it('is renewed again with the old refresh token when there was no new one', async (t) => {
    const { provider, clock, user } = await start(t)
    provider.rotates = false

    for (const seconds of [3600, 7200]) {
      clock.seconds = seconds
      await user.ask('/get')
    }

    assert.deepEqual(
      provider.refreshes.map(({ parameters }) => parameters.refresh_token),
      ['refresh-1', 'refresh-1'],
    )
  })

  it('is renewed once for 20 requests at once', async (t) => {
    const { provider, clock, user } = await start(t)
    const gate = Promise.withResolvers<void>()
    provider.gate = gate.promise
    clock.seconds = 3600

    const answers = Promise.all(Array.from({ length: 20 }, () => user.ask('/get')))
    gate.resolve()

    const events = (await answers).flatMap(({ token, events }) => {
      assert.equal(token.access_token, 'access-2')
      return events.map(({ event }) => event)
    })
    assert.equal(provider.refreshes.length, 1)
    const count = (name: string) => events.filter((event) => event === name).length
    assert.deepEqual([count('renewed'), count('reused')], [1, 19])
  })

  it('of one user is not given to another', async (t) => {
    const { clock, user, signIn } = await start(t)
    const other = await signIn()
    clock.seconds = 3600

    const [one, two] = await Promise.all([user.ask('/get'), other.ask('/get')])

    assert.notEqual(one.token.access_token, two.token.access_token)
    assert.deepEqual((await user.ask('/get')).token, one.token)
  })

  for (const type of ['DPoP', 'mac'])
    it(`is not replaced by one of the type ${type}, which is not asked for again at once`, async (t) => {
      const { provider, clock, user } = await start(t)
      provider.extra = { token_type: type }
      clock.seconds = 3600 - 60

      const { token, events } = await user.ask('/get')
      await user.ask('/get')

      assert.equal(token.access_token, 'access-1')
      assert.deepEqual(
        events.map(({ event }) => event),
        ['requested', 'failed', 'reused'],
      )
      assert.equal(provider.refreshes.length, 1)
    })

  it('that is of no use is a refusal, not a failure to try again after', async (t) => {
    for (const token_type of ['DPoP', 'mac']) {
      const { provider, clock, user } = await start(t)
      provider.extra = { token_type }
      clock.seconds = 3600

      assert.equal((await user.open('/get')).status, 502)
    }
  })

  it('for another user ends the session, and what came is revoked', async (t) => {
    const { provider, clock, user } = await start(t)
    provider.extra = { id_token: await signIdToken(provider.issuer, { sub: 'bob' }) }
    clock.seconds = 3600 - 60

    assert.equal((await user.open('/get')).status, 403)

    assert.equal((await user.open('/session')).status, 302)
    assert.equal(provider.refreshes.length, 1)
    assert.equal(provider.alive.size, 0)
  })
})

describe('a renewal that fails', () => {
  it('leaves the user with the old token while it lives, and is tried again after a pause', async (t) => {
    const { provider, clock, user } = await start(t)
    provider.instead = unavailable
    clock.seconds = 3600 - 60

    const { token, events } = await user.ask('/get')
    assert.equal(token.access_token, 'access-1')
    const failure = `no token for a user of "client" from ${provider.issuer}: HTTP status 503`
    assert.deepEqual(events.slice(0, 2).map(withoutSubject), [
      { event: 'requested', attempt: 1 },
      { event: 'failed', error: failure, retry_in: 10 },
    ])

    clock.seconds += 9
    await user.ask('/get')
    assert.equal(provider.refreshes.length, 1)
    clock.seconds += 1
    provider.instead = undefined
    assert.equal((await user.ask('/get')).token.access_token, 'access-2')

    provider.instead = unavailable
    clock.seconds += 3600 - 60
    const [, failed] = (await user.ask('/get')).events
    assert.ok(failed?.event === 'failed' && failed.retry_in === 10, 'a success starts afresh')
  })

  it('leaves the user with the old token after a second when the service hangs', async (t) => {
    const { provider, clock, user } = await start(t)
    const gate = Promise.withResolvers<void>()
    provider.gate = gate.promise
    clock.seconds = 3600 - 60

    assert.equal((await user.ask('/get')).token.access_token, 'access-1')

    gate.resolve()
    clock.seconds += 30
    assert.equal((await user.ask('/get')).token.access_token, 'access-2')
    assert.equal(provider.refreshes.length, 1)
  })

  it('is a page when there is no token left, and does not end the session', async (t) => {
    const { provider, clock, user } = await start(t)
    clock.seconds = 3600
    for (const [answer, status, sentence] of [
      [unavailable, 503, /cannot be reached/],
      [() => ({ status: 401, body: { error: 'invalid_client' } }), 502, /invalid_client/],
    ] as const) {
      provider.instead = answer
      const response = await user.open('/get')
      assert.equal(response.status, status)
      assert.match(await response.text(), sentence)
    }

    provider.instead = undefined
    assert.equal((await user.ask('/get')).token.access_token, 'access-2')
  })

  for (const [what, seconds] of [
    ['lives', 3600 - 60],
    ['has expired', 3600],
  ] as const)
    it(`with invalid_grant ends the session, though the token ${what}`, async (t) => {
      const { provider, clock, login, user } = await start(t)
      const events = collectEvents(t, 'client')
      let record: unknown = 'not ended'
      const ended = ({ session = '' }) => {
        record = login.tokens.get(session)
      }
      t.after(onTokenEvents({ ended }))
      provider.instead = invalidGrant
      clock.seconds = seconds

      const pages = await Promise.all(['/get?a=b', '/get', '/fetch'].map(user.open))
      const [page = new Response(), ...others] = pages
      assert.equal(page.status, 403)
      // Or too late even for that.
      for (const { status } of others) assert.ok([403, 302].includes(status), String(status))
      assert.match(await page.text(), /session has ended.*href="\/get\?a=b">Sign in again</s)
      assert.equal(provider.refreshes.length, 1)
      assert.equal(events.filter(([event]) => event === 'ended').length, 1)
      assert.equal(await record, undefined, 'before any other process can look')

      assert.equal((await user.open('/session')).status, 302)
    })

  it('with invalid_grant is the last, whatever tokens are waited for', async (t) => {
    const { provider, clock, user } = await start(t)
    const gate = Promise.withResolvers<void>()
    provider.gate = gate.promise
    provider.instead = invalidGrant
    clock.seconds = 3600
    const asked = provider.nextRefresh()
    const pages = ['/get', '/get?scope=scope1', '/get?scope=scope2'].map(user.open)
    await asked

    gate.resolve()

    for (const { status } of await Promise.all(pages)) assert.ok([403, 302].includes(status))
    assert.equal(provider.refreshes.length, 1)
  })

  for (const answer of [invalidGrant, undefined])
    it(`counts for nothing when another was faster (${answer?.name ?? 'also if it succeeds'})`, async (t) => {
      const { provider, clock, login, user } = await start(t)
      const { id, version, tokens } = (await (await user.open('/session')).json()) as UserSession
      const gate = Promise.withResolvers<void>()
      provider.gate = gate.promise
      provider.instead = answer
      clock.seconds = 3600
      const asked = provider.nextRefresh()
      const answered = user.ask('/get')
      await asked
      const requested_at = tokens.requested_at + 3600
      const theirs = { access_token: 'theirs', requested_at, expires_at: requested_at + 3600 }
      assert.ok(await login.tokens.replace(id, version, { ...tokens, ...theirs }))
      gate.resolve()

      assert.equal((await answered).token.access_token, 'theirs')
    })

  it('with invalid_client is tried again after a pause only, while there is a token', async (t) => {
    const { provider, clock, user } = await start(t)
    provider.instead = () => ({ status: 401, body: { error: 'invalid_client' } })
    clock.seconds = 3600 - 60

    for (const _ of [1, 2, 3]) assert.equal((await user.ask('/get')).token.access_token, 'access-1')

    assert.equal(provider.refreshes.length, 1)
  })

  it('at the store for a moment loses nothing', async (t) => {
    const { provider, clock, login, user } = await start(t)
    const replace = login.tokens.replace
    const failures = [1, 2, 3]
    login.tokens.replace = async (...call) => {
      if (failures.pop() !== undefined) throw new Error('database is locked')
      return replace(...call)
    }
    clock.seconds = 3600

    assert.equal((await user.ask('/get')).token.access_token, 'access-2')
    clock.seconds = 7200
    assert.equal((await user.ask('/get')).token.access_token, 'access-3')
    assert.equal(provider.isReplayed, false)
  })

  for (const isRevoked of [true, false])
    it(`at the store for long is a page, and the refresh token is ${isRevoked ? '' : 'not '}revoked`, async (t) => {
      const logged: string[] = []
      const log = (sentence: string) => logged.push(sentence)
      const { provider, clock, login, user } = await start(t, { log })
      login.tokens.replace = () => Promise.reject(new Error('database is locked'))
      if (!isRevoked) provider.revocationAnswer = { status: 503, body: '' }
      clock.seconds = 3600

      const response = await user.open('/get')

      assert.equal(response.status, 503)
      assert.match(await response.text(), /could not be saved/)
      assert.deepEqual(
        provider.revocations.map(({ parameters }) => parameters.token),
        ['refresh-2'],
      )
      const failure = `the refresh token of "client" is not revoked at ${provider.issuer}: HTTP status 503`
      assert.deepEqual(logged, [
        'the new tokens of a session are not kept: database is locked',
        ...(isRevoked ? [] : [failure]),
      ])
    })

  it('is not what it is when only the claim cannot be given back', async (t) => {
    const logged: string[] = []
    const { clock, login, user } = await start(t, { log: (sentence) => logged.push(sentence) })
    login.tokens.release = () => Promise.reject(new Error('database is locked'))
    clock.seconds = 3600

    assert.equal((await user.ask('/get')).token.access_token, 'access-2')
    assert.deepEqual(logged, ['the claim on a session is not given back: database is locked'])
  })

  it('to come from a process that has the claim is a page, and soon', async (t) => {
    const { provider, clock, login, user } = await start(t, { claimPatience: 0.1 })
    const { id } = (await (await user.open('/session')).json()) as UserSession
    clock.seconds = 3600
    assert.ok(await login.tokens.claim(id, 'another process', 35))

    const response = await user.open('/get')

    assert.equal(response.status, 503)
    assert.match(await response.text(), /is being renewed/)
    assert.equal(provider.refreshes.length, 0)
    clock.seconds += 36
    assert.equal((await user.ask('/get')).token.access_token, 'access-2')
  })

  it('is not even tried when the session has ended meanwhile', async (t) => {
    const { provider, user } = await start(t)

    assert.equal((await user.open('/get-too-late')).status, 403)
    assert.equal(provider.refreshes.length, 0)
  })

  it('for want of a refresh token ends the session with its access token', async (t) => {
    const { clock, user, signIn } = await start(t)
    const other = await signIn()
    for (const { ask } of [user, other]) await ask('/revoke')

    clock.seconds = 3600 - 50
    assert.equal((await user.ask('/get')).token.access_token, 'access-1')
    const part = await user.open('/get?scope=scope1')
    assert.deepEqual(
      [part.status, /There is no refresh token/.test(await part.text())],
      [403, true],
    )
    assert.equal((await user.open('/session')).status, 200)

    clock.seconds = 3600
    assert.equal((await user.open('/get')).status, 403)
    assert.equal((await user.open('/session')).status, 302)
  })
})

describe('tokens for a part of what was granted', () => {
  it('are asked for once each, kept beside the others, and never mixed up', async (t) => {
    const { provider, user } = await start(t)
    const paths = [
      '/get',
      '/get?scope=scope1',
      '/get?scope=scope2',
      '/get?scope=scope1&resource=urn:api',
      '/get?resource=urn:api',
    ]

    const first = await Promise.all(paths.map(user.ask))
    const second = await Promise.all(paths.map(user.ask))

    const tokens = first.map(({ token }) => token.access_token)
    assert.equal(new Set(tokens).size, 5)
    assert.deepEqual(
      second.map(({ token }) => token.access_token),
      tokens,
    )
    assert.deepEqual(
      provider.refreshes
        .map(({ parameters: { grant_type, refresh_token, ...asked } }) => JSON.stringify(asked))
        .sort(),
      [
        '{"resource":"urn:api"}',
        '{"scope":"scope1","resource":"urn:api"}',
        '{"scope":"scope1"}',
        '{"scope":"scope2"}',
      ],
    )
    assert.equal(provider.isReplayed, false)
  })

  it('are the same for the same scopes in another order', async (t) => {
    const { provider, user } = await start(t)

    await user.ask('/get?scope=scope2 scope1')
    const { token, events } = await user.ask('/get?scope=scope1  scope2')

    assert.equal(token.scope, 'scope1 scope2')
    assert.equal(provider.refreshes.length, 1)
    assert.equal(events[0]?.event, 'reused')
  })

  it('survive the renewal of the whole, and are renewed on their own', async (t) => {
    const { provider, clock, user } = await start(t)
    clock.seconds = 1800
    const { token, events } = await user.ask('/get?scope=scope1')
    assert.equal(events.at(-1)?.event, 'obtained')

    clock.seconds = 3600
    await user.ask('/get')
    assert.deepEqual((await user.ask('/get?scope=scope1')).token, token)
    clock.seconds = 1800 + 3600
    const renewed = await user.ask('/get?scope=scope1')
    assert.equal(renewed.events.at(-1)?.event, 'renewed')
    assert.equal(provider.refreshes.length, 3)
  })
})

describe('a call to an API', () => {
  it('carries the token', async (t) => {
    const { api, user } = await start(t)

    const { status, body } = await user.ask('/fetch?path=/orders')

    assert.deepEqual([status, body], [200, 'accepted'])
    assert.deepEqual(
      api.calls.map(({ url, token }) => [url, token]),
      [['/orders', 'access-1']],
    )
  })

  it('that is refused with 401 is repeated once, with a new token', async (t) => {
    const { provider, api, user } = await start(t)
    api.refused.add('access-1')

    const { status, events } = await user.ask('/fetch')

    assert.equal(status, 200)
    assert.deepEqual(
      api.calls.map(({ token }) => token),
      ['access-1', 'access-2'],
    )
    assert.equal(provider.refreshes.length, 1)
    assert.deepEqual(
      events.map(({ event }) => event),
      ['reused', 'requested', 'renewed', 'retried'],
    )
  })

  it('is repeated with the one new token that 20 refused calls share', async (t) => {
    const { provider, api, user } = await start(t)
    api.refused.add('access-1')

    const answers = await Promise.all(Array.from({ length: 20 }, () => user.ask('/fetch')))

    assert.deepEqual(
      answers.map(({ status }) => status),
      Array(20).fill(200),
    )
    assert.equal(provider.refreshes.length, 1)
  })

  it('that is refused whatever the token gets no more tokens for a while', async (t) => {
    const { provider, api, clock, user } = await start(t)
    api.refusesAll = true

    for (const _ of [1, 2, 3]) assert.equal((await user.ask('/fetch')).status, 401)
    assert.equal(provider.refreshes.length, 1)
    assert.equal(api.calls.length, 4)

    clock.seconds += 10
    await user.ask('/fetch')
    assert.equal(provider.refreshes.length, 2)

    clock.seconds -= 86_400
    await user.ask('/fetch')
    assert.equal(provider.refreshes.length, 3, 'the clock was set back')
  })

  it('keeps its 401 when there is no other token', async (t) => {
    const { provider, api, user } = await start(t)
    api.refusesAll = true
    provider.instead = unavailable

    const { status, body } = await user.ask('/fetch')

    assert.deepEqual([status, body], [401, 'refused'])
  })
})

describe('sign-out', () => {
  it('revokes the refresh token', async (t) => {
    const { provider, clock, user, logged } = await start(t)
    const events = collectEvents(t, 'client')
    clock.seconds = 3600
    await user.ask('/get')

    assert.equal((await user.open('/logout')).status, 302)

    assert.deepEqual(provider.revocations, [
      {
        authorization: `Basic ${btoa('client:secret')}`,
        parameters: { token: 'refresh-2', token_type_hint: 'refresh_token' },
      },
    ])
    assert.equal(provider.alive.size, 0)
    assert.deepEqual(events.at(-1)?.[0], 'revoked')
    assert.deepEqual(logged, [])
  })

  it('is done also when the token service does not revoke', async (t) => {
    const { provider, user, logged } = await start(t)
    provider.revocationAnswer = { status: 503, body: '' }

    assert.equal((await user.open('/logout')).status, 302)

    assert.equal((await user.open('/session')).status, 302)
    const reason = `the refresh token of "client" is not revoked at ${provider.issuer}: HTTP status 503`
    assert.deepEqual(logged, [`the sign-out is done, but not all that belongs to it: ${reason}`])
  })

  it('during a refresh revokes what the refresh brings', async (t) => {
    const { provider, clock, user } = await start(t)
    clock.seconds = 3600

    assert.equal((await signOutDuringRefresh(provider, user)).status, 403)
    assert.deepEqual(
      provider.revocations.map(({ parameters }) => parameters.token),
      ['refresh-1', 'refresh-2'],
    )
    assert.equal(provider.alive.size, 0)
  })

  it('keeps nobody waiting for a token service that hangs, and logs nothing until it has failed', async (t) => {
    const { provider, user, logged } = await start(t)
    provider.revocationHangs = true

    const begin = performance.now()
    assert.equal((await user.open('/logout')).status, 302)

    assert.ok(performance.now() - begin < 3000)
    assert.deepEqual(logged, [])
  })

  it('has nothing to revoke without a refresh token', async (t) => {
    const { provider, user, logged } = await start(t)
    await user.ask('/revoke')

    await user.open('/logout')

    assert.equal(provider.revocations.length, 1)
    assert.deepEqual(logged, [])
  })

  it('asks nothing of a token service that cannot revoke', async (t) => {
    const { provider, signIn, logged } = await startWebApp(t)
    provider.hasRevocation = false
    const user = await signIn()

    await user.open('/logout')

    assert.deepEqual([provider.revocations, logged], [[], []])
  })
})

describe('revocation by the app', () => {
  it('gives the refresh token back, once, and keeps the session', async (t) => {
    const { provider, user } = await start(t)

    const { events } = await user.ask('/revoke')
    await user.ask('/revoke')

    assert.deepEqual(events.map(withoutSubject), [{ event: 'revoked' }])
    assert.equal(provider.revocations.length, 1)
    assert.equal((await user.ask('/get')).token.access_token, 'access-1')
  })

  it('that fails is a page, and keeps the refresh token', async (t) => {
    const { provider, clock, user } = await start(t)
    provider.revocationAnswer = { status: 400, body: { error: 'invalid_request' } }

    const response = await user.open('/revoke')

    assert.equal(response.status, 502)
    provider.alive.add('refresh-1')
    clock.seconds = 3600
    assert.equal((await user.ask('/get')).token.access_token, 'access-2')
  })
})
