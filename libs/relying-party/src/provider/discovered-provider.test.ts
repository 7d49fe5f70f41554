import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { setImmediate as immediate } from 'node:timers/promises'
import { buildAuthorizationUrl, ClientSecretBasic, fetchUserInfo } from 'openid-client'

import { browser } from '../../test-support/browser.ts'
import { startApp } from '../../test-support/start-app.ts'
import { answerWith, startFakeProvider } from '../../test-support/start-fake-provider.ts'
import { codeByQuery } from '../authorization-response/code-by-query.ts'
import { discoveredProvider } from './discovered-provider.ts'

const path = '/.well-known/openid-configuration'
const line = `GET ${path}`

async function start(t: TestContext) {
  const fake = await startFakeProvider(t)
  const clock = { seconds: 1_800_000_000 }
  const provider = discoveredProvider({
    issuer: new URL(fake.url),
    clientId: 'client',
    clientAuthentication: ClientSecretBasic('secret'),
    authorizationResponse: codeByQuery(),
    timeoutSeconds: 1,
    now: () => clock.seconds,
  })
  return { fake, clock, provider, asked: () => fake.count(line) }
}

describe('discoveredProvider', () => {
  it('asks when first needed, once for all, and again behind who asks after an hour', async (t) => {
    const { provider, asked, clock } = await start(t)
    assert.equal(asked(), 0)

    const [first, second] = await Promise.all([provider(), provider()])
    clock.seconds += 3599
    assert.equal(await provider(), first)
    assert.equal(second, first)
    assert.equal(asked(), 1)

    clock.seconds += 1
    assert.equal(await provider(), first)
    while ((await provider()) === first) await immediate()
    assert.equal(asked(), 2)
  })

  it('is waited for when nobody has asked for two hours', async (t) => {
    const { provider, asked, clock } = await start(t)
    const first = await provider()
    clock.seconds += 7200

    assert.notEqual(await provider(), first)
    assert.equal(asked(), 2)
  })

  it('holds nobody up that hangs when what is known is due', async (t) => {
    const { fake, provider, asked, clock } = await start(t)
    const known = await provider()
    fake.instead.set(path, () => {})
    clock.seconds += 3600

    while (asked() < 2) {
      assert.equal(await provider(), known)
      await immediate()
    }
  })

  it('is waited for once, and not again while it hangs', async (t) => {
    const { fake, provider, clock } = await start(t)
    const known = await provider()
    fake.instead.set(path, () => {})
    clock.seconds += 7200
    assert.equal(await provider(), known, 'after the time that a request may take')

    clock.seconds += 1
    const given: unknown[] = []
    void provider().then((description) => given.push(description))
    await immediate()
    assert.deepEqual(given, [known])
  })

  it('is asked again soon when the clock was set back', async (t) => {
    const { fake, provider, asked, clock } = await start(t)
    fake.instead.set(path, answerWith(503, {}))
    await assert.rejects(provider())
    clock.seconds -= 86_400
    fake.instead.clear()
    const first = await provider()

    clock.seconds -= 86_400
    assert.notEqual(await provider(), first)
    assert.equal(asked(), 3)
  })

  it('goes on with what it knows when asking again fails', async (t) => {
    const { fake, provider, clock } = await start(t)
    const known = await provider()
    fake.instead.set(path, answerWith(503, {}))
    clock.seconds += 7200

    assert.equal(await provider(), known)
  })

  it('reads no more than 256 KiB of an answer, whatever is asked for', async (t) => {
    const { fake, provider, clock } = await start(t)
    const padding = 'x'.repeat(256 * 1024)
    const known = await provider()
    fake.userInfo.padding = padding
    fake.metadata.padding = padding

    await assert.rejects(fetchUserInfo(known, 'token', 'alice'), ({ cause }) =>
      /more than/.test(String(cause)),
    )
    clock.seconds += 7200
    assert.equal(await provider(), known)
  })

  it('waits 1 s after a failure, then 2 s, up to 30 s, and recovers', async (t) => {
    const { fake, provider, clock, asked } = await start(t)
    fake.instead.set(path, answerWith(503, {}))

    for (const [index, pause] of [1, 2, 4, 8, 16, 30, 30].entries()) {
      const retryAt = clock.seconds + pause
      await assert.rejects(provider(), { name: 'ProviderUnavailable', retryAt })
      clock.seconds += pause - 0.1
      await assert.rejects(provider(), { retryAt })
      assert.equal(asked(), index + 1)
      clock.seconds += 0.1
    }

    fake.instead.clear()
    await provider()
    fake.instead.set(path, answerWith(503, {}))
    clock.seconds += 7200
    await provider()
    clock.seconds += 1
    // 10, since back-off begins anew.
    while (asked() < 10) {
      await provider()
      await immediate()
    }
  })

  for (const [what, misbehave] of [
    [
      'that names another issuer',
      (fake) => Object.assign(fake.metadata, { issuer: 'http://evil' }),
    ],
    [
      'that sends elsewhere',
      (fake) => fake.instead.set(path, answerWith(302, {}, { location: '/' })),
    ],
    ['that never answers', (fake) => fake.instead.set(path, () => {})],
    ['that hangs up', (fake) => fake.instead.set(path, (req) => req.socket.destroy())],
  ] satisfies [string, (fake: Awaited<ReturnType<typeof startFakeProvider>>) => unknown][]) {
    it(`does not accept a provider ${what}`, async (t) => {
      const { fake, provider } = await start(t)
      misbehave(fake)

      await assert.rejects(provider(), { name: 'ProviderUnavailable' })
    })
  }

  it('uses no endpoint without TLS when the issuer has TLS', async (t) => {
    const issuer = 'https://provider.example/'
    const metadata = { issuer, authorization_endpoint: 'http://provider.example/authorize' }
    t.mock.method(globalThis, 'fetch', async () => Response.json(metadata))
    const provider = await discoveredProvider({
      issuer: new URL(issuer),
      clientId: 'client',
      clientAuthentication: ClientSecretBasic('secret'),
      authorizationResponse: codeByQuery(),
      timeoutSeconds: 1,
      now: () => 0,
    })()

    assert.throws(() => buildAuthorizationUrl(provider, { redirect_uri: issuer }), /HTTPS/)
  })
})

describe('an app whose provider is down', () => {
  it('starts, answers 503 to who wants to sign in, and works once it is up', async (t) => {
    const provider = await startFakeProvider(t)
    provider.instead.set(path, answerWith(503, {}))
    const app = await startApp(t, { issuer: provider.url })
    assert.equal((await fetch(app.url)).status, 200)
    assert.equal(provider.count(line), 0)

    const user = browser()
    for (const _ of [1, 2]) {
      const response = await user.request(`${app.url}/secure`)
      assert.equal(response.status, 503)
      assert.equal(response.headers.get('retry-after'), '1')
      assert.equal(response.headers.get('cache-control'), 'no-store')
      const html = await response.text()
      assert.match(html, /cannot be reached/)
      assert.doesNotMatch(html, /\.[jt]s:\d/, 'no stack')
    }
    assert.equal(provider.count(line), 1)
    assert.deepEqual(app.logged, [
      `The token service cannot be reached: Cannot discover ${provider.url}/: unexpected HTTP response status code (503)`,
    ])

    provider.instead.clear()
    app.clock.seconds += 1
    assert.equal((await app.signIn(user)).response.status, 200)
  })

  it('goes on serving who is signed in', async (t) => {
    const provider = await startFakeProvider(t)
    const app = await startApp(t, { issuer: provider.url })
    const { user } = await app.signIn()
    provider.instead.set(path, answerWith(503, {}))
    app.clock.seconds += 3600

    assert.equal((await user.request(`${app.url}/secure`)).status, 200)
  })
})
