import assert from 'node:assert/strict'
import type { RequestListener } from 'node:http'
import { describe, it, type TestContext } from 'node:test'

import { browser } from '../../test-support/browser.ts'
import { type StartAppOptions, startApp } from '../../test-support/start-app.ts'
import { answerWith, startFakeProvider } from '../../test-support/start-fake-provider.ts'

async function start(t: TestContext, options: Partial<StartAppOptions> = {}) {
  const provider = await startFakeProvider(t)
  return { provider, app: await startApp(t, { issuer: provider.url, ...options }) }
}

describe('an error of the provider is a page', () => {
  it('403 when access was denied', async (t) => {
    const { provider, app } = await start(t)
    provider.response = { code: undefined, error: 'access_denied' }

    const { response } = await app.signIn()

    assert.equal(response.status, 403)
    const html = await response.text()
    assert.match(html, /<code>access_denied<\/code>/)
    assert.match(html, /<a href="\/secure">Start again<\/a>/)
  })

  it('400 for others, with what the provider says escaped', async (t) => {
    const { provider, app } = await start(t)
    const error_description = '<script>alert("&")</script>'
    provider.response = { code: undefined, error: 'server_error', error_description }

    const { response } = await app.signIn()

    assert.equal(response.status, 400)
    const html = await response.text()
    assert.match(html, /server_error: &lt;script&gt;alert\(&quot;&amp;&quot;\)&lt;\/script&gt;/)
    assert.doesNotMatch(html, /<script/)
  })

  it('but not what a stranger says in its name', async (t) => {
    const { provider, app } = await start(t)
    provider.response = { error: 'access_denied', error_description: 'call 555', iss: 'x' }
    const mixedUp = await (await app.signIn()).response.text()
    const { callback } = await app.signInUpToCallback()
    const unasked = await (await browser().request(callback)).text()

    assert.doesNotMatch(mixedUp + unasked, /555/)
  })

  for (const [what, answer] of [
    [
      'in the body',
      answerWith(400, { error: 'invalid_grant', error_description: 'too\u0007 late' }),
    ],
    [
      'in the body of a challenge',
      answerWith(
        401,
        { error: 'invalid_grant', error_description: 'too\u0007 late' },
        { 'WWW-Authenticate': 'Basic' },
      ),
    ],
  ] as const) {
    it(`502 when the code is refused, with the reason ${what}`, async (t) => {
      const { provider, app } = await start(t)
      provider.instead.set('/token', answer)

      const { response } = await app.signIn()

      assert.equal(response.status, 502)
      assert.match(await response.text(), /invalid_grant: too/)
      assert.deepEqual(app.logged, ['The token service refused: invalid_grant: too  late'])
    })
  }

  for (const [answered, headers] of [
    ['answered', {}],
    ['answered with a challenge', { 'WWW-Authenticate': 'Basic' }],
  ] as const) {
    it(`502 when the client is refused, ${answered}, with where to look and no way back to it`, async (t) => {
      const { provider, app } = await start(t)
      provider.instead.set('/token', answerWith(401, { error: 'invalid_client' }, headers))

      const { response } = await app.signIn()

      assert.equal(response.status, 502)
      const html = await response.text()
      assert.match(html, /<p>The credentials that this application sent are wrong\./)
      assert.match(html, /<code>invalid_client<\/code>/)
      assert.match(html, /<a href="\/">Home<\/a>/)
      assert.doesNotMatch(html, /Start again|expired/)
    })
  }

  for (const [what, claims] of [
    ['has expired', { exp: Math.floor(Date.now() / 1000) - 120 }],
    ['is not valid yet', { nbf: Math.floor(Date.now() / 1000) + 120 }],
  ] as const) {
    it(`400 when the ID Token ${what}, with a question about the clocks`, async (t) => {
      const { provider, app } = await start(t)
      provider.idToken = claims

      const { response } = await app.signIn()

      assert.equal(response.status, 400)
      assert.match(await response.text(), /Do the clocks of this application.* differ\?/)
    })
  }

  it('400 without such a question when something else of the ID Token is wrong', async (t) => {
    const { provider, app } = await start(t)
    provider.idToken = { aud: 'other' }

    const { response } = await app.signIn()

    assert.equal(response.status, 400)
    assert.doesNotMatch(await response.text(), /clocks/)
  })

  for (const path of ['/token', '/userinfo', '/jwks']) {
    for (const [what, listener] of [
      ['fails', answerWith(503, {})],
      ['hangs up', (req) => req.socket.destroy()],
      ['never answers', () => {}],
    ] satisfies [string, RequestListener][]) {
      it(`503 when ${path} ${what}`, async (t) => {
        const { provider, app } = await start(t, { timeoutSeconds: 1 })
        provider.instead.set(path, listener)

        const { response } = await app.signIn()

        assert.equal(response.status, 503)
        assert.equal(response.headers.get('retry-after'), '1')
        assert.match(await response.text(), /<a href="\/secure">Try again<\/a>/)
      })
    }
  }
})
