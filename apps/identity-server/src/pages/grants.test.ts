import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { sessionSummary, userGrant } from '../../test-support/fake-interaction.ts'
import { readHiddenFields, startPages } from '../../test-support/start-pages.ts'

describe('grants page', () => {
  it('shows what each application may do, since when and until when', async (t) => {
    const { get } = await startPages(t, {
      signedIn: '1',
      grants: [userGrant, { ...userGrant, clientId: 'other', expires: Date.UTC(2027, 1, 3) }],
    })

    const html = await (await get('/grants')).text()
    const [first = '', second = ''] = ['web', 'other'].map(
      (id) => html.split(`data-client="${id}"`)[1]?.split('</form>')[0] ?? '',
    )

    assert.match(first, /<a href="https:\/\/album\.example\/">Photo Album<\/a>/)
    assert.deepEqual(
      [...first.matchAll(/<li>([^<]+)<\/li>/g)].map(([, title]) => title),
      ['Your user identifier', 'User profile', 'Scope 1', 'scope2', 'Access while you are away'],
    )
    assert.match(first, /<dd>Work laptop<\/dd>/)
    assert.match(first, /<time datetime="2026-11-02">2 November 2026<\/time>/)
    assert.match(first, /when you take it back/)
    assert.match(
      html,
      /Access tokens already handed out can still work at an API until they expire/,
    )
    assert.match(second, /<time datetime="2027-02-03">3 February 2027<\/time>/)
  })

  it('takes back what one application was given', async (t) => {
    const { submit, calls } = await startPages(t, { signedIn: '1', grants: [userGrant] })

    const response = await submit('/grants', { clientId: 'web' })

    assert.equal(response.status, 303)
    assert.equal(response.headers.get('location'), '/grants')
    assert.deepEqual(
      response.headers.getSetCookie().map((line) => line.replace(/Expires=[^;]*; /, '')),
      ['identity-server.notice=taken-back; Max-Age=60; Path=/; HttpOnly; SameSite=Strict'],
    )
    assert.deepEqual(calls, [{ revokeGrants: 'web' }])
  })

  it('says once what was done', async (t) => {
    const elsewhere = { ...sessionSummary, sid: 'sid-2', isCurrent: false }
    const { get, submit } = await startPages(t, {
      signedIn: '1',
      grants: [userGrant],
      sessions: [sessionSummary, elsewhere],
    })

    for (const [fields, notice] of [
      [{ sid: 'sid-2' }, 'The other browser is signed out.'],
      [{ clientId: 'web' }, 'The access is taken back.'],
    ] as const) {
      await submit('/grants', fields)
      const [first, second] = [await get('/grants'), await get('/grants')]
      assert.ok((await first.text()).includes(`<p class="notice" role="status">${notice}</p>`))
      assert.doesNotMatch(await second.text(), /role="status"/)
    }
  })

  it('keeps what it will say from other hosts and from http where it is https', async (t) => {
    const { get, submit } = await startPages(t, {
      issuer: 'https://login.example.com',
      signedIn: '1',
      grants: [userGrant],
    })

    const left = await submit('/grants', { clientId: 'web' })
    const taken = await get('/grants')

    for (const response of [left, taken])
      assert.match(
        response.headers.getSetCookie().join('\n'),
        /^__Host-identity-server\.notice=[\w-]*; .*; HttpOnly; Secure; SameSite=Strict$/m,
      )
    assert.match(await taken.text(), /The access is taken back/)
  })

  it('says nothing where nothing was left to do', async (t) => {
    const { get, submit } = await startPages(t, { signedIn: '1', grants: [userGrant] })

    for (const fields of [{ sid: 'gone' }, { clientId: 'gone' }, {}]) {
      await submit('/grants', fields)
      assert.doesNotMatch(await (await get('/grants')).text(), /role="status"/)
    }
  })

  it('says nothing that an address or a cookie makes up', async (t) => {
    const { get } = await startPages(t, { signedIn: '1' })

    for (const made of ['constructor', '<b>', ''])
      for (const response of [
        await get('/grants', { cookie: `identity-server.notice=${made}` }),
        await get(`/grants?done=${made}`),
      ])
        assert.doesNotMatch(await response.text(), /role="status"/)
  })

  it('says so when there is nothing', async (t) => {
    const { get } = await startPages(t, { signedIn: '2' })

    assert.match(await (await get('/grants')).text(), /not given any application access/)
  })

  it('is for a signed-in user', async (t) => {
    const { get, post, submit, calls } = await startPages(t, {
      signedIn: '1',
      grants: [userGrant],
    })
    const hidden = readHiddenFields(await (await get('/grants')).text())
    await submit('/account/logout', { button: 'yes' })

    for (const response of [
      await get('/grants'),
      await post('/grants', { ...hidden, clientId: 'web' }),
    ])
      assert.equal(response.headers.get('location'), '/account/login?returnUrl=%2Fgrants')
    assert.deepEqual(calls, [{ signOut: true }])
  })

  it('shows what applications call themselves, and users their devices, escaped', async (t) => {
    const hostile = '"><script>alert(1)</script>'
    const { get } = await startPages(t, {
      signedIn: '1',
      grants: [
        {
          ...userGrant,
          clientName: hostile,
          clientUri: 'javascript:alert(1)',
          logoUri: hostile,
          description: hostile,
        },
      ],
    })

    const html = await (await get('/grants')).text()

    assert.equal(html.match(/&quot;&gt;&lt;script&gt;/g)?.length, 4)
    assert.doesNotMatch(html, /<script|javascript:/)
  })
})

describe('sessions on the grants page', () => {
  const elsewhere = { ...sessionSummary, sid: 'sid-2', isCurrent: false }
  const sessions = [sessionSummary, elsewhere]

  it('show where the user is signed in, and which is this browser', async (t) => {
    const { get } = await startPages(t, { signedIn: '1', sessions })

    const html = await (await get('/grants')).text()
    const [here = '', there = ''] = html
      .split('data-session=')
      .slice(1)
      .map((card) => card.split('</li>')[0] ?? '')

    assert.match(here, /<h3>Firefox on Linux<\/h3>/)
    assert.match(here, /This browser/)
    assert.match(here, /<a class="button secondary" href="\/account\/logout">Sign out<\/a>/)
    assert.match(
      here,
      /<time datetime="2026-11-21T22:00:00.000Z">21 November 2026, 22:00 UTC<\/time>/,
    )
    assert.doesNotMatch(there, /This browser/)
    assert.match(there, /<button class="secondary" name="sid" value="sid-2"/)
  })

  it('say which applications are told when the session of another browser ends', async (t) => {
    const unused = { ...elsewhere, sid: 'sid-3', clients: [] }
    const { get } = await startPages(t, { signedIn: '1', sessions: [...sessions, unused] })

    const html = await (await get('/grants')).text()
    const applications = html
      .split('<dt>Applications</dt>')
      .slice(1)
      .map((card) =>
        card
          .split('</dl>')[0]
          ?.replace(/<[^>]*>|\s+/g, ' ')
          .replace(/ +/g, ' ')
          .trim(),
      )

    assert.deepEqual(applications, ['Photo Album other', 'Photo Album told other', 'none'])
  })

  it('can be ended one by one', async (t) => {
    const { submit, calls } = await startPages(t, { signedIn: '1', sessions })

    const response = await submit('/grants', { sid: 'sid-2' })

    assert.equal(response.headers.get('location'), '/grants')
    assert.deepEqual(calls, [{ endSession: 'sid-2' }])
  })

  it('explain who is told only while there is another browser', async (t) => {
    const [alone, both] = await Promise.all(
      [[sessionSummary], sessions].map(async (listed) => {
        const { get } = await startPages(t, { signedIn: '1', sessions: listed })
        return (await get('/grants')).text()
      }),
    )

    assert.doesNotMatch(alone ?? '', /“told”/)
    assert.match(both ?? '', /“told”/)
  })

  it('can be ended everywhere', async (t) => {
    const { submit, calls } = await startPages(t, { signedIn: '1', sessions })

    const response = await submit('/grants', { button: 'everywhere' })

    assert.equal(response.headers.get('location'), '/account/logged-out?logoutId=logout-1')
    assert.deepEqual(calls, [{ signOutEverywhere: true }])
  })

  it('stay when another site sends the form', async (t) => {
    const { post, calls } = await startPages(t, { signedIn: '1', sessions })

    for (const fields of [{ sid: 'sid-2' }, { button: 'everywhere' }])
      assert.equal((await post('/grants', fields)).status, 403)
    assert.deepEqual(calls, [])
  })

  it('name browsers that are not known, and applications, escaped', async (t) => {
    const hostile = '"><script>alert(1)</script>'
    const clients = [{ clientId: 'web', clientName: hostile, hasBackChannelLogout: true }]
    const { get } = await startPages(t, {
      signedIn: '1',
      sessions: [sessionSummary, { ...elsewhere, sid: hostile, browser: undefined, clients }],
    })

    const html = await (await get('/grants')).text()

    assert.match(html, /<h3>A browser<\/h3>/)
    assert.doesNotMatch(html, /<script/)
  })

  it('offer to end all of them when there are several', async (t) => {
    const { get } = await startPages(t, { signedIn: '1', sessions: [sessionSummary] })

    assert.doesNotMatch(await (await get('/grants')).text(), /everywhere/)
  })
})
