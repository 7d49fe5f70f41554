import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { waiting } from '../../test-support/fake-interaction.ts'
import { readHiddenFields, startPages } from '../../test-support/start-pages.ts'

const page = `/consent?returnUrl=${encodeURIComponent(waiting)}`

describe('consent page', () => {
  it('shows who asks for what: the required, the important, the APIs, being away last', async (t) => {
    const { get } = await startPages(t, {
      signedIn: '1',
      request: {
        client: {
          clientId: 'web',
          clientName: 'Photo Album',
          clientUri: 'https://album.example',
          logoUri: 'https://album.example/logo.png',
          allowRememberConsent: true,
        },
      },
    })

    const html = await (await get(page)).text()
    const text = html.replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ')

    assert.match(text, /Photo Album asks for access You are signed in as Alice Smith \./)
    assert.match(
      text,
      new RegExp(
        'What it learns about you Your user identifier required ' +
          'User profile important Your name, picture, website and the like ' +
          'What it may do for you Scope 1 scope2 At: Resource API ' +
          'Access while you are away important',
      ),
    )
    assert.match(html, /<img class="logo" src="https:\/\/album\.example\/logo\.png" alt="">/)
    assert.match(html, /<a href="https:\/\/album\.example\/" target="_blank" rel="noopener/)
    assert.match(
      html,
      /<input type="hidden" name="scopes" value="openid">\s*<input type="checkbox" checked disabled>/,
    )
    assert.deepEqual(
      [...html.matchAll(/name="scopes" value="(\w+)" checked/g)].map(([, scope]) => scope),
      ['profile', 'scope1', 'scope2', 'offline_access'],
    )
    assert.match(text, /Look twice at what is marked important/)
  })

  it('offers to remember the decision, unless access is asked for while the user is away', async (t) => {
    const request = { offlineAccess: false, identityResources: [] }
    const brief = await startPages(t, { signedIn: '1', request })
    const away = await startPages(t, { signedIn: '1' })

    const html = await (await brief.get(page)).text()
    const other = await (await away.get(page)).text()

    assert.match(html, /name="rememberConsent" value="true" checked/)
    assert.doesNotMatch(html, /asked for each time|marked important/)
    assert.doesNotMatch(other, /rememberConsent/)
    assert.match(other, /Your decision is not remembered: access while you are away is asked for/)
    await away.submit(page, { rememberConsent: 'true', button: 'yes' })
    assert.deepEqual(away.calls, [
      { grantConsent: waiting, consent: { scopes: ['openid'], remember: false } },
    ])
  })

  it('grants what was left ticked', async (t) => {
    const { submit, calls } = await startPages(t, {
      signedIn: '1',
      request: { offlineAccess: false },
    })

    const response = await submit(page, {
      scopes: ['openid', 'scope2'],
      rememberConsent: 'true',
      description: ' My phone ',
      button: 'yes',
    })

    assert.equal(response.status, 303)
    assert.equal(response.headers.get('location'), waiting)
    assert.deepEqual(calls, [
      {
        grantConsent: waiting,
        consent: {
          scopes: ['openid', 'scope2'],
          remember: true,
          description: 'My phone',
        },
      },
    ])
  })

  it('grants nothing that was not asked for, and always what is required', async (t) => {
    const { submit, calls } = await startPages(t, {
      signedIn: '1',
      request: { offlineAccess: false },
    })

    await submit(page, { scopes: ['scope1', 'admin', 'offline_access'], button: 'yes' })

    assert.deepEqual(calls, [
      {
        grantConsent: waiting,
        consent: { scopes: ['openid', 'scope1'], remember: false },
      },
    ])
  })

  it('remembers nothing where the client may not have it remembered', async (t) => {
    const { get, submit, calls } = await startPages(t, {
      signedIn: '1',
      request: {
        client: { clientId: 'web', allowRememberConsent: false },
        offlineAccess: false,
      },
    })

    await submit(page, { rememberConsent: 'true', button: 'yes' })

    assert.deepEqual(calls, [
      { grantConsent: waiting, consent: { scopes: ['openid'], remember: false } },
    ])
    assert.doesNotMatch(await (await get(page)).text(), /rememberConsent/)
  })

  it('keeps the description short', async (t) => {
    const { submit, calls } = await startPages(t, { signedIn: '1' })

    await submit(page, { description: 'x'.repeat(500), button: 'yes' })

    const [call] = calls
    assert.ok(call !== undefined && 'consent' in call)
    assert.equal(call.consent.description, 'x'.repeat(100))
  })

  it('tells the client of a refusal', async (t) => {
    const { submit, calls } = await startPages(t, { signedIn: '1' })

    const response = await submit(page, { scopes: 'scope1', button: 'no' })

    assert.equal(response.headers.get('location'), waiting)
    assert.deepEqual(calls, [{ denyAuthorization: waiting }])
  })

  it('wants at least one thing ticked', async (t) => {
    const request = { identityResources: [] }
    const { submit, calls } = await startPages(t, { signedIn: '1', request })

    const response = await submit(page, { button: 'yes' })
    const html = await response.text()

    assert.equal(response.status, 400)
    assert.match(html, /id="problem" role="alert">Please tick at least one/)
    assert.match(html, /<fieldset aria-describedby="problem">/)
    assert.deepEqual(calls, [])
  })

  it('does nothing for a button it does not have', async (t) => {
    const { submit, calls } = await startPages(t, { signedIn: '1' })

    const response = await submit(page, { scopes: 'scope1', button: 'maybe' })

    assert.equal(response.status, 400)
    assert.match(await response.text(), /role="alert">That was none of the choices/)
    assert.deepEqual(calls, [])
  })

  it('leads nowhere when no request waits', async (t) => {
    const { get, submit, calls } = await startPages(t, { signedIn: '1' })

    for (const response of [
      await get('/consent'),
      await get('/consent?returnUrl=https://evil.example'),
      await submit(page, { returnUrl: 'https://evil.example', button: 'no' }),
    ]) {
      assert.equal(response.status, 400)
      assert.equal(response.headers.get('location'), null)
    }
    assert.deepEqual(calls, [])
  })

  it('is for a signed-in user', async (t) => {
    const { get } = await startPages(t)
    const signIn = `/account/login?${new URLSearchParams({ returnUrl: waiting })}`

    assert.equal((await get(page)).headers.get('location'), signIn)
  })

  it('takes no answer from a user who has signed out meanwhile', async (t) => {
    const { get, post, submit, calls } = await startPages(t, { signedIn: '1' })
    const hidden = readHiddenFields(await (await get(page)).text())
    await submit('/account/logout', { button: 'yes' })

    for (const button of ['yes', 'no']) {
      const response = await post('/consent', { ...hidden, scopes: 'scope1', button })
      assert.match(
        response.headers.get('location') ?? '',
        /^\/account\/login\?returnUrl=%2Fconnect/,
      )
    }
    assert.deepEqual(calls, [{ signOut: true }])
  })

  it('shows names escaped, and no link but to the web', async (t) => {
    const hostile = '<img src=x onerror=alert(1)>'
    const { get } = await startPages(t, {
      signedIn: '1',
      request: {
        client: {
          clientId: 'web',
          clientName: hostile,
          clientUri: 'javascript:alert(1)',
          logoUri: '"><script>',
          allowRememberConsent: true,
        },
        apiScopes: [{ name: 'scope1', displayName: hostile, description: hostile }],
        apiResources: [{ name: 'api', displayName: hostile, scopes: ['scope1'] }],
      },
    })

    const html = await (await get(page)).text()

    assert.ok(html.includes('&lt;img src=x onerror=alert(1)&gt;'))
    assert.ok(html.includes('<img class="logo" src="&quot;&gt;&lt;script&gt;" alt="">'))
    assert.doesNotMatch(html, /<img src|javascript:|<script/)
  })
})
