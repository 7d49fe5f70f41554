import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'

import { userGrant, waiting } from '../../test-support/fake-interaction.ts'
import { readHiddenFields, startPages } from '../../test-support/start-pages.ts'

const consent = `/consent?returnUrl=${encodeURIComponent(waiting)}`

/** Every form of the token service, filled in so that it would act. */
const forms: Record<string, Record<string, string>> = {
  '/account/login': { username: 'alice', password: 'alice', button: 'login' },
  [consent]: { scopes: 'scope2', description: 'Phone', button: 'yes' },
  '/account/logout': { button: 'yes' },
  '/grants': { clientId: 'web' },
}

function start(t: TestContext, issuer = 'http://localhost:5001') {
  return startPages(t, { issuer, signedIn: '1', grants: [userGrant] })
}

describe('the proof that a form is ours', () => {
  for (const [page, fields] of Object.entries(forms)) {
    const path = page.split('?')[0] ?? page

    it(`is asked for at ${path}, and a form sent again with it is accepted`, async (t) => {
      const { get, post, calls } = await start(t)
      const hidden = readHiddenFields(await (await get(page)).text())

      const refused = await post(path, { ...hidden, ...fields, csrf: '' })
      const html = await refused.text()

      assert.equal(refused.status, 403)
      assert.match(html, /role="alert">Nothing was done/)
      assert.deepEqual(calls, [])

      const accepted = await post(path, { ...readHiddenFields(html), ...fields })
      assert.equal(accepted.status, 303)
      assert.equal(calls.length, 1)
    })

    it(`of another browser does not do at ${path}`, async (t) => {
      const [victim, attacker] = [await start(t), await start(t)]
      await victim.get(page)
      const { csrf = '' } = readHiddenFields(await (await attacker.get(page)).text())

      const response = await victim.post(path, { ...fields, returnUrl: waiting, csrf })

      assert.equal(response.status, 403)
      assert.deepEqual(victim.calls, [])
    })
  }

  for (const [what, csrf] of [
    ['no token', ''],
    ['a short token', 'AAAA'],
    ['a long token', 'A'.repeat(10_000)],
  ] as const) {
    it(`is not given by ${what}`, async (t) => {
      const { get, post } = await start(t)
      await get('/account/logout')

      assert.equal((await post('/account/logout', { csrf, button: 'yes' })).status, 403)
    })
  }

  it('is not given by a token without the cookie, nor by the cookie itself', async (t) => {
    const { get, post, cookies } = await start(t)
    const { csrf = '' } = readHiddenFields(await (await get('/account/logout')).text())
    const [secret = ''] = cookies.values()

    assert.equal((await post('/account/logout', { csrf: secret, button: 'yes' })).status, 403)
    cookies.clear()
    assert.equal((await post('/account/logout', { csrf, button: 'yes' })).status, 403)
  })

  for (const [site, status] of [
    ['same-origin', 303],
    ['none', 303],
    ['same-site', 403],
    ['cross-site', 403],
  ] as const) {
    it(`gets ${status} when the browser says that the form came from ${site}`, async (t) => {
      const { submit } = await start(t)

      const response = await submit(
        '/account/logout',
        { button: 'yes' },
        { 'sec-fetch-site': site },
      )

      assert.equal(response.status, status)
    })
  }

  it('loses nothing of the form', async (t) => {
    const { post } = await start(t)

    const response = await post('/consent', {
      returnUrl: waiting,
      scopes: 'scope2',
      description: 'Phone <1>',
      button: 'yes',
    })
    const html = await response.text()

    assert.deepEqual(
      [...html.matchAll(/name="scopes" value="(\w+)" checked/g)].map(([, scope]) => scope),
      ['scope2'],
    )
    assert.match(html, /name="description" value="Phone &lt;1&gt;"/)
    assert.doesNotMatch(html, /name="rememberConsent" value="true" checked/)
  })

  it('serves several pages at once', async (t) => {
    const { get } = await start(t)
    const first = readHiddenFields(await (await get('/account/logout')).text())
    const response = await get('/grants')

    assert.deepEqual(response.headers.getSetCookie(), [])
    assert.equal(readHiddenFields(await response.text()).csrf, first.csrf)
  })

  it('serves tabs that a browser opens at the same moment', async (t) => {
    const { get, post } = await start(t)
    const tabs = await Promise.all(['/account/logout', '/account/logout'].map((path) => get(path)))

    for (const tab of tabs) {
      const { csrf = '' } = readHiddenFields(await tab.text())
      assert.equal((await post('/account/logout', { csrf, button: 'yes' })).status, 303)
    }
  })

  it('rests on a cookie that no script and no other site gets', async (t) => {
    const { get } = await start(t)

    const [line = ''] = (await get('/account/logout')).headers.getSetCookie()

    assert.match(
      line,
      /^identity-server\.csrf\.[\w-]{8}=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/,
    )
  })

  it('rests on a cookie for https alone where there is https', async (t) => {
    const { get } = await start(t, 'https://login.example')

    const [line = ''] = (await get('/account/logout')).headers.getSetCookie()

    assert.match(
      line,
      /^__Host-identity-server\.csrf\.[\w-]{8}=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    )
  })
})
