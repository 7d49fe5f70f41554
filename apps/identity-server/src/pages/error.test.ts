import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { errorContext } from '../../test-support/fake-interaction.ts'
import { startPages } from '../../test-support/start-pages.ts'

const details = /<dt>Details<\/dt>\s*<dd>redirect_uri is not registered<\/dd>/

describe('a page', () => {
  it('that is not there is a page all the same', async (t) => {
    const { get } = await startPages(t, { signedIn: '1' })

    const response = await get('/nope')

    assert.equal(response.status, 404)
    const html = await response.text()
    assert.match(html, /There is no such page/)
    assert.match(html, /<a class="button" href="\/">Home<\/a>/)
    assert.doesNotMatch(html, /go back to the application/)
    assert.match(html, /<a href="\/account\/logout">Sign out<\/a>/)
    assert.match(response.headers.get('content-security-policy') ?? '', /default-src 'none'/)
  })

  for (const [what, status, headers, body] of [
    ['is too long', 413, {}, 'x'.repeat(128 * 1024 + 1)],
    ['is compressed', 415, { 'Content-Encoding': 'gzip' }, 'x'],
  ] as const) {
    it(`with a form says with ${status} that what was sent ${what}`, async (t) => {
      const { origin } = await startPages(t, { signedIn: '1' })

      const response = await fetch(`${origin}/grants`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...headers },
        body,
      })

      assert.equal(response.status, status)
      assert.match(await response.text(), /<p>The form could not be read/)
    })
  }
})

describe('error page', () => {
  it('gives the code, a sentence and a reference, and the details in development', async (t) => {
    const { get } = await startPages(t, { showDetails: true })

    const response = await get('/error?errorId=known')
    const html = await response.text()

    assert.equal(response.status, 400)
    assert.match(html, /<p>The application sent a request that is incomplete/)
    assert.match(html, /<dd><code>invalid_request<\/code><\/dd>/)
    assert.match(html, /<dd><code>req-4711<\/code><\/dd>/)
    assert.match(html, /<dd><code>web<\/code><\/dd>/)
    assert.match(html, details)
  })

  it('keeps the details to itself in production', async (t) => {
    const { get } = await startPages(t, { showDetails: false })

    const html = await (await get('/error?errorId=known')).text()

    assert.match(html, /<dd><code>req-4711<\/code><\/dd>/)
    assert.doesNotMatch(html, /<dt>(Details|Client)/)
    assert.doesNotMatch(html, /redirect_uri/)
  })

  const wrongAddress = {
    ...errorContext,
    explanation: {
      reason: 'unregistered_redirect_uri',
      requested: 'https://evil.example/"><script>',
      registered: ['https://album.example/cb', 'https://album.example/other'],
    },
  } as const

  it('names the redirect URI that came, escaped, and those registered, with what to do', async (t) => {
    const { get } = await startPages(t, { showDetails: true, error: wrongAddress })

    const response = await get('/error?errorId=known')
    const html = await response.text()

    assert.equal(response.status, 400)
    assert.match(html, /<p>The application wanted the answer at an address that is not registered/)
    assert.ok(html.includes('<code>https://evil.example/&quot;&gt;&lt;script&gt;</code>'))
    assert.match(html, /<code>https:\/\/album\.example\/cb<\/code>/)
    assert.match(html, /<code>https:\/\/album\.example\/other<\/code>/)
    assert.match(html, /<code>RedirectUris<\/code> of <code>web<\/code>/)
    assert.doesNotMatch(html, /href="https:|<script/)
  })

  it('says where there may be more than it shows', async (t) => {
    const count = (length: number) => Array.from({ length }, (_, i) => `https://album.example/${i}`)
    const explanations = [
      { ...wrongAddress.explanation, requested: 'x'.repeat(400), registered: count(10) },
      { ...wrongAddress.explanation, requested: 'x'.repeat(399), registered: count(9) },
    ]
    const terms = explanations.map(async (explanation) => {
      const { get } = await startPages(t, { error: { ...errorContext, explanation } })
      const html = await (await get('/error?errorId=known')).text()
      return [...html.matchAll(/<dt>(Re[qg][^<]*)<\/dt>/g)].map(([, term]) => term)
    })

    assert.deepEqual(await Promise.all(terms), [
      ['Requested (at most 400 characters are shown)', 'Registered (at most 10 are shown)'],
      ['Requested', 'Registered'],
    ])
  })

  it('names neither of them in production', async (t) => {
    const { get } = await startPages(t, { showDetails: false, error: wrongAddress })

    const html = await (await get('/error?errorId=known')).text()

    assert.match(html, /<p>The application wanted the answer at an address that is not registered/)
    assert.match(html, /<dd><code>req-4711<\/code><\/dd>/)
    assert.doesNotMatch(html, /evil\.example|album\.example|RedirectUris/)
  })

  it('does not blame the signature for a request that comes at the wrong time', async (t) => {
    const { get } = await startPages(t, {
      error: { ...errorContext, explanation: { reason: 'wrong_time' } },
    })

    const html = await (await get('/error?errorId=known')).text()

    assert.match(html, /it has expired, or the clocks differ/)
    assert.doesNotMatch(html, /signature/)
  })

  for (const error of ['constructor', '<script>']) {
    it(`has a sentence for a code that it does not know: ${error}`, async (t) => {
      const { get } = await startPages(t, { error: { ...errorContext, error } })

      const html = await (await get('/error?errorId=known')).text()

      assert.match(html, /<p>Something about the request is not right\.<\/p>/)
      assert.ok(html.includes(`<code>${error.replace('<', '&lt;').replace('>', '&gt;')}</code>`))
    })
  }

  it('says so when the error is not known any more', async (t) => {
    const { get } = await startPages(t)

    for (const path of ['/error', '/error?errorId=x', '/error?errorId=known&errorId=known']) {
      const response = await get(path)
      assert.equal(response.status, 404)
      assert.match(await response.text(), /no longer kept/)
    }
  })
})
