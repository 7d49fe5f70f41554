import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { waiting } from '../../test-support/fake-interaction.ts'
import { readHiddenFields, startPages } from '../../test-support/start-pages.ts'

const page = `/account/login?returnUrl=${encodeURIComponent(waiting)}`
const alice = { username: 'alice', password: 'alice', button: 'login' }

describe('login page', () => {
  it('signs in and goes on to the waiting request', async (t) => {
    const { submit, calls } = await startPages(t)

    const response = await submit(page, { ...alice, username: 'Alice', rememberLogin: 'true' })

    assert.equal(response.status, 303)
    assert.equal(response.headers.get('location'), waiting)
    assert.equal(response.headers.get('cache-control'), 'no-store')
    assert.deepEqual(calls, [{ signIn: { sub: '1', amr: ['pwd'], remember: true } }])
  })

  it('signs in without a request too, for this browser session alone', async (t) => {
    const { submit, calls } = await startPages(t)

    const response = await submit('/account/login', alice)

    assert.equal(response.headers.get('location'), '/')
    assert.deepEqual(calls, [{ signIn: { sub: '1', amr: ['pwd'], remember: false } }])
  })

  it('names the application, and fills in the name that it suggests, escaped', async (t) => {
    const hostile = `"><script>alert('1')</script>`
    const { get } = await startPages(t, {
      request: {
        loginHint: hostile,
        client: { clientId: 'web', clientName: hostile, allowRememberConsent: true },
      },
    })

    const html = await (await get(page)).text()

    const escaped = '&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;'
    assert.ok(html.includes(`<strong>${escaped}</strong>`))
    assert.ok(html.includes(`name="username" value="${escaped}"`))
    assert.ok(!html.includes('<script'))
  })

  it('names the test users, escaped, but not in production', async (t) => {
    const testUsers = [
      { username: 'carol', password: '<carol>' },
      { username: 'dave', password: 'd' },
    ]
    const [here, there] = await Promise.all(
      [true, false].map(async (showDetails) => {
        const { get } = await startPages(t, { testUsers, showDetails })
        return (await get(page)).text()
      }),
    )

    assert.match(
      here ?? '',
      /<code>carol<\/code>&nbsp;\/&nbsp;<code>&lt;carol&gt;<\/code> or <code>dave<\/code>&nbsp;\/&nbsp;<code>d<\/code><\/p>/,
    )
    assert.doesNotMatch(there ?? '', /carol|dave|Test users/)
  })

  it('says the same of a wrong name and of a wrong password', async (t) => {
    const { submit, calls } = await startPages(t)

    const wrongName = await submit(page, { ...alice, username: 'mallory' })
    const wrongPassword = await submit(page, { ...alice, password: 'Alice' })
    const html = await wrongName.text()

    assert.deepEqual([wrongName.status, wrongPassword.status], [400, 400])
    assert.match(html, /role="alert">The user name or the password is wrong\./)
    assert.equal(html.replaceAll('mallory', 'alice'), await wrongPassword.text())
    assert.deepEqual(calls, [])
  })

  it('gives back what was entered but the password', async (t) => {
    const { submit } = await startPages(t)

    const response = await submit(page, {
      ...alice,
      username: '<b>',
      password: 'geheim',
      rememberLogin: 'true',
    })
    const html = await response.text()

    assert.match(html, /name="username" value="&lt;b&gt;"/)
    assert.match(html, /name="rememberLogin" value="true" checked/)
    assert.equal(readHiddenFields(html).returnUrl, waiting)
    assert.ok(!html.includes('geheim'))
  })

  it('asks for what is missing, in words and at the field', async (t) => {
    const { submit } = await startPages(t)

    const response = await submit(page, { username: ' ', password: '', button: 'login' })
    const html = await response.text()

    assert.equal(response.status, 400)
    assert.match(html, /<title>Error: Sign in/)
    assert.match(html, /id="problem" role="alert">Please enter your user name and your password\./)
    assert.equal(html.match(/aria-invalid="true" aria-describedby="problem"/g)?.length, 2)
  })

  it('tells the client of a cancelled sign-in', async (t) => {
    const { submit, calls } = await startPages(t)

    const response = await submit(page, { button: 'cancel' })

    assert.equal(response.status, 303)
    assert.equal(response.headers.get('location'), waiting)
    assert.deepEqual(calls, [{ denyAuthorization: waiting }])
  })

  it('leads a cancelled sign-in that no client waits for to the home page', async (t) => {
    const { submit, calls } = await startPages(t)

    const response = await submit('/account/login?returnUrl=/grants', { button: 'cancel' })

    assert.equal(response.headers.get('location'), '/')
    assert.deepEqual(calls, [])
  })

  it('does nothing for a button it does not have', async (t) => {
    const { submit, calls } = await startPages(t)

    const response = await submit(page, { ...alice, button: 'other' })

    assert.equal(response.status, 400)
    assert.deepEqual(calls, [])
  })

  for (const returnUrl of ['https://evil.example', '//evil.example', '/\\evil.example', 'evil']) {
    for (const button of ['login', 'cancel']) {
      it(`never leads to ${returnUrl}, opened or sent with ${button}`, async (t) => {
        const { get, submit, calls } = await startPages(t)

        const responses = [
          await get(`/account/login?returnUrl=${encodeURIComponent(returnUrl)}`),
          await submit('/account/login', { ...alice, button, returnUrl }),
        ]

        for (const response of responses) {
          assert.equal(response.status, 400)
          assert.equal(response.headers.get('location'), null)
          assert.ok(!(await response.text()).includes('evil'))
        }
        assert.deepEqual(calls, [])
      })
    }
  }

  describe('with a request that is answered already', () => {
    const answered = '/connect/authorize/callback?client_id=web&state=old'
    const old = `/account/login?returnUrl=${encodeURIComponent(answered)}`

    it('says so calmly to who is signed in, and leads home', async (t) => {
      const { get, submit } = await startPages(t, { signedIn: '1' })

      for (const response of [
        await get(old),
        await submit('/account/login', { ...alice, returnUrl: answered }),
      ]) {
        const html = await response.text()
        assert.equal(response.status, 400)
        assert.match(html, /You are signed in already as <strong>Alice/)
        assert.match(html, /<a href="\/">Home<\/a>/)
        assert.ok(!html.includes('nowhere safe'))
      }
    })

    it('refuses it to who is not', async (t) => {
      const { get } = await startPages(t)

      assert.match(await (await get(old)).text(), /leads nowhere safe/)
    })

    for (const elsewhere of [
      'https://evil.example/connect/authorize/callback?id=a',
      '//evil.example/connect/authorize/callback?id=a',
      '/grants?to=/connect/authorize/callback?&',
    ])
      it(`does not take ${elsewhere} for one`, async (t) => {
        const { get } = await startPages(t, { signedIn: '1' })

        const response = await get(`/account/login?returnUrl=${encodeURIComponent(elsewhere)}`)

        assert.equal(response.status, 400)
        assert.match(await response.text(), /leads nowhere safe/)
      })
  })

  it('stops guessing after 5 failures, even when the sixth guess is right', async (t) => {
    const { submit, calls } = await startPages(t)
    for (let failure = 1; failure <= 5; failure += 1)
      assert.equal((await submit(page, { ...alice, password: 'wrong' })).status, 400)

    const response = await submit(page, { ...alice, username: 'ALICE' })

    assert.equal(response.status, 429)
    assert.match(await response.text(), /role="alert">[^<]*try again in 15 minutes\./)
    const wait = Number(response.headers.get('retry-after'))
    assert.ok(wait > 890 && wait <= 900, `${wait} s`)
    assert.deepEqual(calls, [])
    assert.equal((await submit(page, { ...alice, username: 'bob', password: 'bob' })).status, 303)
  })

  it('forgets failures once the user has signed in', async (t) => {
    const { submit } = await startPages(t)
    const failFourTimes = async () => {
      for (let failure = 1; failure <= 4; failure += 1)
        assert.equal((await submit(page, { ...alice, password: 'wrong' })).status, 400)
    }

    await failFourTimes()
    assert.equal((await submit(page, alice)).status, 303)
    await failFourTimes()
  })

  it('reads no form beyond 128 KiB', async (t) => {
    const { post } = await startPages(t)

    assert.equal((await post('/account/login', { returnUrl: '/'.repeat(45_000) })).status, 413)
  })
})
