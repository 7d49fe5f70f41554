import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'

import { browser } from '../../test-support/browser.ts'
import { startApp } from '../../test-support/start-app.ts'
import { startFakeProvider } from '../../test-support/start-fake-provider.ts'
import type { UserSession } from '../sessions/sign-in.ts'

async function start(t: TestContext, idToken: Record<string, unknown> = {}) {
  const provider = await startFakeProvider(t)
  provider.idToken = idToken
  const app = await startApp(t, { issuer: provider.url })
  const { user, response } = await app.signIn()
  const session = (await response.json()) as UserSession
  const isSignedIn = async () => (await app.login.tokens.get(session.id)) !== undefined

  /** As the provider's page has it in a frame; undefined removes a parameter. */
  function createUrl(parameters: Record<string, string | undefined> = {}): URL {
    const url = new URL(`${app.url}/signout-oidc`)
    for (const [name, value] of Object.entries({ iss: provider.url, sid: 'sid1', ...parameters }))
      if (value !== undefined) url.searchParams.set(name, value)
    return url
  }
  return { provider, app, user, session, isSignedIn, createUrl }
}

describe('front-channel logout', () => {
  it('ends the session of the browser that it comes with', async (t) => {
    const { provider, app, user, session, isSignedIn, createUrl } = await start(t)
    const copied = browser()
    copied.setCookies(user.cookies())

    const response = await user.request(createUrl())

    assert.equal(response.status, 200)
    assert.equal(response.headers.get('cache-control'), 'no-store')
    assert.equal(await isSignedIn(), false)
    assert.deepEqual(user.cookies(), [])
    assert.equal((await copied.request(`${app.url}/secure`)).status, 302)
    await app.login.close()
    const { token } = provider.last('POST /revoke')?.parameters ?? {}
    assert.equal(token, session.tokens.refresh_token)
  })

  it("can be shown in the provider's frames, and in nobody else's", async (t) => {
    const { provider, user, createUrl } = await start(t)

    const { headers } = await user.request(createUrl())

    const policy = `default-src 'none'; frame-ancestors ${provider.url}`
    assert.equal(headers.get('content-security-policy'), policy)
    assert.equal(headers.get('x-frame-options'), null)
  })

  for (const [what, parameters] of [
    ['another sid', { sid: 'sid2' }],
    ['another iss', { iss: 'http://evil.example' }],
    ['no sid', { sid: undefined }],
    ['no iss', { iss: undefined }],
    ['neither', { iss: undefined, sid: undefined }],
  ] satisfies [string, Record<string, string | undefined>][])
    it(`ends nothing with ${what}, and says nothing about it`, async (t) => {
      const { user, isSignedIn, createUrl } = await start(t)
      const before = user.cookies()

      const response = await user.request(createUrl(parameters))

      assert.equal(response.status, 200)
      assert.doesNotMatch(await response.text(), /alice|sid1/)
      assert.equal(await isSignedIn(), true)
      assert.deepEqual(user.cookies(), before)
    })

  it('ends nothing when iss or sid come twice', async (t) => {
    const { user, isSignedIn, createUrl } = await start(t)

    await user.request(`${createUrl()}&sid=sid1`)

    assert.equal(await isSignedIn(), true)
  })

  it('ends no session that has no sid', async (t) => {
    const { user, isSignedIn, createUrl } = await start(t, { sid: undefined })

    await user.request(createUrl({ sid: undefined }))
    await user.request(createUrl({ sid: '' }))

    assert.equal(await isSignedIn(), true)
  })

  for (const method of ['HEAD', 'POST'])
    it(`ends nothing for a ${method}`, async (t) => {
      const { user, isSignedIn, createUrl } = await start(t)

      await user.request(createUrl(), { method })

      assert.equal(await isSignedIn(), true)
    })

  it("ends nobody else's session", async (t) => {
    const { isSignedIn, createUrl } = await start(t)

    assert.equal((await browser().request(createUrl())).status, 200)

    assert.equal(await isSignedIn(), true)
  })
})
