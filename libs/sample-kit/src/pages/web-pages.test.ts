import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, it, type TestContext } from 'node:test'

import express from 'express'

import { type ShownSession, webPages } from './web-pages.ts'

const { homePage, sessionPage, logoutTokensPage, apiPage, problemPage, notFound } =
  webPages('mvc-basic')

const hostile = `<b>"'`
const escaped = '&lt;b&gt;&quot;&#39;'
const jwt = `${encode({ alg: 'RS256' })}.${encode({ sub: hostile })}.signature`

const session: ShownSession = {
  claims: { sub: '1', amr: ['pwd', 'otp'], address: { country: 'Germany' }, [hostile]: hostile },
  signedInAt: 1_800_000_000,
  expiresAt: 1_800_028_800,
  tokens: {
    access_token: jwt,
    token_type: 'bearer',
    expires_at: 1_800_003_600,
    scope: 'openid scope1',
    refresh_token: `opaque${hostile}`,
    id_token: jwt,
  },
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

function callApi(t: TestContext, listener: RequestListener): Promise<Response> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  t.after(() => server.close())
  const listening = once(server, 'listening')
  return listening.then(() => fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`))
}

/** What stands in the elements with this attribute. */
function read(html: string, attribute: string): string[] {
  return [...html.matchAll(new RegExp(`${attribute}="[^"]*">([^<]*)<`, 'g'))].map(
    ([, text = '']) => text,
  )
}

function readLinks(html: string): string[] {
  return [...html.matchAll(/<a (?:class="[^"]*" )?href="([^"]+)"/g)].map(([, href = '']) => href)
}

describe('home page of a web client', () => {
  it('says what the scenario is', () => {
    assert.match(homePage({ signedIn: false }), /<p>A web application signs a user in with/)
  })

  it('offers to sign out only to who is signed in', () => {
    assert.deepEqual(readLinks(homePage({ signedIn: false })), ['/', '/', '/secure', '/secure'])
    assert.ok(readLinks(homePage({ signedIn: true })).includes('/logout'))
  })

  it('calls the way out the same in the navigation and on the page', () => {
    const html = homePage({ signedIn: true })

    assert.equal(html.match(/href="\/logout">Sign out</g)?.length, 2)
  })
})

describe('session page of a web client', () => {
  it('shows claims, each value of several on its own', () => {
    const html = sessionPage(session)

    assert.deepEqual(read(html, 'data-claim'), [
      '1',
      'pwd',
      'otp',
      '{&quot;country&quot;:&quot;Germany&quot;}',
      escaped,
    ])
    assert.ok(html.includes(`<dt>${escaped}</dt>`))
    assert.ok(!html.includes('<b>'))
  })

  it('shows times a person can read', () => {
    assert.deepEqual(read(sessionPage(session), 'data-property'), [
      '2027-01-15T08:00:00.000Z',
      '2027-01-15T16:00:00.000Z',
      '2027-01-15T09:00:00.000Z',
      'bearer',
      'openid scope1',
    ])
  })

  it('shows tokens, and what is inside when it can be read', () => {
    const html = sessionPage(session)

    assert.deepEqual(read(html, 'data-token'), [jwt, `opaque${escaped}`, jwt])
    assert.equal(html.match(/<details>/g)?.length, 2)
    assert.ok(html.includes('&quot;alg&quot;: &quot;RS256&quot;'))
  })

  it('shows nothing for what there is not', () => {
    const { access_token, token_type, id_token } = session.tokens
    const html = sessionPage({ ...session, tokens: { access_token, token_type, id_token } })

    assert.equal(read(html, 'data-token').length, 2)
    assert.equal(read(html, 'data-property').length, 3)
  })

  it('has the buttons of the app', () => {
    assert.match(
      sessionPage(session, { 'Call API': '/call-api', Other: '/other' }),
      /class="button" href="\/call-api">Call API<.*class="button secondary" href="\/other">Other</s,
    )
  })
})

describe('logout token page of a web client', () => {
  it('says when each arrived, and what was in it', () => {
    const claims = { sub: '1', events: { [hostile]: {} }, iat: 1_799_999_999, exp: 1_800_000_119 }
    const html = logoutTokensPage([{ claims, arrivedAt: 1_800_000_000 }])

    assert.deepEqual(
      [...html.matchAll(/<time .*datetime="(.*)">(.*)<\/time>/g)].map(([, iso, text]) => [
        iso,
        text,
      ]),
      [
        ['2027-01-15T08:00:00.000Z', '15 January 2027, 08:00:00 UTC'],
        ['2027-01-15T07:59:59.000Z', '15 January 2027, 07:59:59 UTC'],
        ['2027-01-15T08:01:59.000Z', '15 January 2027, 08:01:59 UTC'],
      ],
    )
    assert.match(html, /&quot;sub&quot;: &quot;1&quot;/)
    assert.ok(!html.includes('<b>'))
  })

  it('says what to do when there is none', () => {
    assert.match(logoutTokensPage([]), /None has arrived .* sign out there/)
  })
})

describe('API page of a web client', () => {
  it('shows the JSON', async (t) => {
    const html = await apiPage(callApi(t, (_req, res) => res.end('[{"type":"<b>"}]')))

    assert.match(html, /&quot;type&quot;: &quot;&lt;b&gt;&quot;/)
  })

  it('says why the token was refused, and what to do', async (t) => {
    const challenge = 'Bearer error="invalid_token", error_description="the token has expired"'
    const answer = callApi(t, (_req, res) => {
      res.writeHead(401, { 'WWW-Authenticate': challenge }).end()
    })

    const html = await apiPage(answer, { 'Refresh token': '/refresh-token' })

    assert.match(html, /refused the access token/)
    assert.match(html, /answered 401, invalid_token: the token has expired/)
    assert.match(html, /href="\/refresh-token">Refresh token</)
    assert.match(html, /href="\/logout">Sign out</)
  })

  for (const [what, listener, expected] of [
    ['that fails', (_req, res) => res.writeHead(503, { 'Retry-After': '1' }).end(), /answered 503/],
    ['that hangs up', (req) => req.socket.destroy(), /closed the connection/],
    ['that answers no JSON', (_req, res) => res.end('<b>hello'), /Unexpected token/],
  ] satisfies [string, RequestListener, RegExp][]) {
    it(`is a sentence for an API ${what}`, async (t) => {
      const html = await apiPage(callApi(t, listener), { 'Refresh token': '/refresh-token' })

      assert.match(html, /did not answer as it should/)
      assert.match(html, expected)
      assert.doesNotMatch(html, /refresh-token|<b>/)
    })
  }
})

describe('API page of a web client with token management', () => {
  const again = { 'Call API': '/call-api' }
  const claims = [
    { type: 'iat', value: '1800000000' },
    { type: 'exp', value: '1800000075' },
    { type: 'exp', value: '<b>' },
    { type: 'sub', value: '1' },
  ]

  it('says how long the token lives, and what was done for it', async (t) => {
    const events = [
      { event: 'requested' },
      { event: 'renewed', expires_in: 75 },
      { event: 'retried', status: 200 },
      { event: 'failed', error: hostile },
    ]
    const answer = callApi(t, (_req, res) => res.end(JSON.stringify(claims)))

    const html = await apiPage(answer, again, events)

    assert.deepEqual(read(html, 'data-lifetime'), ['1800000000', '1800000075'])
    assert.match(html, /2027-01-15T08:01:15\.000Z/)
    assert.deepEqual(
      [...html.matchAll(/<dt data-step="(\w+)">\1<\/dt><dd>([^<]*)<\/dd>/g)].map(
        ([, ...step]) => step,
      ),
      [
        ['requested', 'sent to the token service'],
        ['renewed', '75 s left'],
        ['retried', 'the API refused the token; with a new one it answered 200'],
        ['failed', escaped],
      ],
    )
    assert.match(html, /href="\/call-api">Call API</)
  })

  it('shows what was done also when the API fails, and looks only then', async (t) => {
    const events: { event: string; error: string }[] = []
    const answer = callApi(t, (_req, res) => {
      events.push({ event: 'failed', error: 'a late one' })
      res.writeHead(503).end()
    })

    assert.match(await apiPage(answer, again, events), /answered 503.*a late one/s)
  })

  it('is not drawn for an error that has a page of its own', async () => {
    const error = Object.assign(new Error('signed out'), { problem: {} })

    await assert.rejects(apiPage(Promise.reject(error), again, []), error)
  })
})

describe('problem page of a web client', () => {
  it('says it all, escaped', () => {
    const action = { text: hostile, href: hostile }
    const problem = { title: hostile, message: hostile, detail: hostile, action }
    const html = problemPage(problem, { signedIn: false })

    assert.equal(html.split(escaped).length - 1, 6)
    assert.ok(!html.includes('<b>'))
  })

  it('offers to sign out to who is signed in', () => {
    const problem = { title: '', message: '', action: { text: 'Home', href: '/' } }

    assert.ok(readLinks(problemPage(problem, { signedIn: true })).includes('/logout'))
    assert.ok(!readLinks(problemPage(problem, { signedIn: false })).includes('/logout'))
  })

  it('is what an address without a page gets', async (t) => {
    const app = express().use(notFound)

    const response = await callApi(t, app)

    assert.equal(response.status, 404)
    assert.match(await response.text(), /<h1>There is no such page<\/h1>/)
  })
})
