import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { startPages } from '../../test-support/start-pages.ts'

describe('logout page', () => {
  it('asks first, so that a link elsewhere signs nobody out', async (t) => {
    const { get, calls } = await startPages(t, {
      signedIn: '1',
      logout: { clientName: '<Photo Album>' },
    })

    const response = await get('/account/logout?logoutId=7')
    const html = await response.text()

    assert.equal(response.status, 200)
    assert.match(html, /<strong>&lt;Photo Album&gt;<\/strong> asks to sign you out/)
    assert.match(html, /You are signed in as <strong>Alice Smith<\/strong>/)
    assert.match(html, /<button name="button" value="yes">Sign out</)
    assert.deepEqual(calls, [])
  })

  it('signs out, and confirms it', async (t) => {
    const { submit, calls } = await startPages(t, { signedIn: '1' })

    const response = await submit('/account/logout?logoutId=a%26b', { button: 'yes' })

    assert.equal(response.status, 303)
    assert.equal(response.headers.get('location'), '/account/logged-out?logoutId=out%261')
    assert.deepEqual(calls, [{ signOut: 'a&b' }])
  })

  it('does nothing for a button it does not have', async (t) => {
    const { submit, calls } = await startPages(t, { signedIn: '1' })

    const response = await submit('/account/logout', { button: 'no' })

    assert.equal(response.status, 400)
    assert.match(await response.text(), /role="alert">That was none of the choices/)
    assert.deepEqual(calls, [])
  })

  for (const [what, init] of [
    ['a HEAD', { method: 'HEAD' }],
    ['a prefetch', { headers: { 'Sec-Purpose': 'prefetch;prerender' } }],
  ] as const) {
    it(`signs nobody out for ${what}`, async (t) => {
      const logout = { showSignoutPrompt: false }
      const { origin, calls } = await startPages(t, { signedIn: '1', logout })

      const response = await fetch(`${origin}/account/logout?logoutId=7`, init)

      assert.equal(response.status, 403)
      assert.deepEqual(calls, [])
    })
  }

  for (const [who, setup] of [
    ['a client that proved it may ask', { signedIn: '1', logout: { showSignoutPrompt: false } }],
    ['someone who is not signed in', {}],
  ] as const) {
    it(`does not ask ${who}`, async (t) => {
      const { get, calls } = await startPages(t, setup)

      const response = await get('/account/logout')

      assert.equal(response.status, 303)
      assert.equal(response.headers.get('location'), '/account/logged-out?logoutId=out%261')
      assert.deepEqual(calls, [{ signOut: true }])
    })
  }
})
