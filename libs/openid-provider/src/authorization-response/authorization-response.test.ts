import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { webClient } from '../../test-support/people.ts'
import { readFormPost } from '../../test-support/read-form-post.ts'
import { type Changes, redirect_uri, startSignIn } from '../../test-support/sign-in.ts'
import { authorizationResponse } from './authorization-response.ts'
import type { ProvenRedirectUri, ResponseTarget } from './response-target.ts'

const states = {
  '10,000 characters': 'x'.repeat(10_000),
  'what URLs escape': 'a+b%2Bc%20d e&f=g#h?i/j;k:l@m,n$o!p*q(r)s~t',
  'what markup escapes': `"'><script>alert(1)</script>&amp;&#39;\`{{x}}<!--`,
  'line breaks': 'a\r\nb\nc\rd\te',
  'letters of the world': 'Grüße, 世界 \u{1f600} \u202eabc\ufeff e\u0301',
  'a URL with a query': 'https://app.example/?state=x&code=y',
}

describe('authorization response', () => {
  for (const [what, state] of Object.entries(states)) {
    it(`keeps a state of ${what} in the query`, async (t) => {
      const { signIn } = await startSignIn(t)

      const { landing } = await signIn({ state })

      assert.equal(landing.url.searchParams.get('state'), state)
    })

    it(`keeps a state of ${what} in the fragment`, async (t) => {
      const { signIn } = await startSignIn(t)

      const { landing } = await signIn({ state, response_mode: 'fragment' })

      assert.equal(landing.parameters.state, state)
    })

    it(`keeps a state of ${what} in a form`, async (t) => {
      const { signIn } = await startSignIn(t)

      const { landing } = await signIn({ state, response_mode: 'form_post' })

      assert.equal(readFormPost(landing.body).fields.state, state)
    })
  }

  for (const [section, parameters, state, location] of [
    [
      '§2.1',
      { code: 'x1848ZT64p4IirMPT0R-X3141MFPTuBX-VFL_cvaplMH58' },
      'ZWVlNDBlYzA1NjdkMDNhYjg3ZjUxZjAyNGQzMTM2NzI',
      'https://client.example/cb?code=x1848ZT64p4IirMPT0R-X3141MFPTuBX-VFL_cvaplMH58' +
        '&state=ZWVlNDBlYzA1NjdkMDNhYjg3ZjUxZjAyNGQzMTM2NzI&iss=https%3A%2F%2Fhonest.as.example',
    ],
    [
      '§2.2',
      { error: 'access_denied' },
      'N2JjNGJhY2JiZjRhYzA3MGJkMzNmMDE5OWJhZmJhZjA',
      'https://client.example/cb?error=access_denied' +
        '&state=N2JjNGJhY2JiZjRhYzA3MGJkMzNmMDE5OWJhZmJhZjA&iss=https%3A%2F%2Fhonest.as.example',
    ],
  ] as const)
    it(`is the one that RFC 9207 ${section} prints`, () => {
      const redirect_uri = 'https://client.example/cb' as ProvenRedirectUri
      const target = { redirect_uri, response_mode: 'query', state } as ResponseTarget

      const { headers } = authorizationResponse(target, parameters, 'https://honest.as.example')

      assert.deepEqual(headers, { Location: location })
    })

  it('has code, state and issuer in the query, and nothing in the fragment', async (t) => {
    const { signIn, issuer } = await startSignIn(t)

    const { landing } = await signIn({ state: 's' })

    const { code, session_state, ...rest } = landing.parameters
    assert.equal(landing.status, 303)
    assert.match(code ?? '', /^[\w-]{43}$/)
    assert.match(session_state ?? '', /^[\w-]{43}\.[\w-]{22}$/)
    assert.deepEqual(rest, { state: 's', iss: issuer })
    assert.equal(landing.url.hash, '')
  })

  it('has them in the fragment, and nothing in the query', async (t) => {
    const { signIn, issuer } = await startSignIn(t)

    const { landing } = await signIn({ state: 's', response_mode: 'fragment' })

    const { code, session_state, ...rest } = landing.parameters
    assert.match(code ?? '', /^[\w-]{43}$/)
    assert.match(session_state ?? '', /^[\w-]{43}\.[\w-]{22}$/)
    assert.deepEqual(rest, { state: 's', iss: issuer })
    assert.equal(landing.url.search, '')
  })

  it('has them in a form', async (t) => {
    const { signIn, issuer } = await startSignIn(t)

    const { landing } = await signIn({ state: 's', response_mode: 'form_post' })

    const { action, fields } = readFormPost(landing.body)
    const { code, session_state, ...rest } = fields
    assert.equal(landing.status, 200)
    assert.equal(action, redirect_uri)
    assert.match(code ?? '', /^[\w-]{43}$/)
    assert.match(session_state ?? '', /^[\w-]{43}\.[\w-]{22}$/)
    assert.deepEqual(rest, { state: 's', iss: issuer })
  })

  it('has no state when none was sent', async (t) => {
    const { signIn } = await startSignIn(t)

    const { landing } = await signIn()

    assert.equal('state' in landing.parameters, false)
  })

  it('keeps a query that the redirect URI has', async (t) => {
    const uri = 'https://app.example/cb?tenant=1%202'
    const clients = [{ ...webClient, clientId: 'web', redirectUris: [uri] }]
    const { signIn } = await startSignIn(t, { clients })

    const { landing } = await signIn({ redirect_uri: uri })

    assert.equal(landing.url.href.startsWith(`${uri}&code=`), true)
  })

  for (const response_mode of ['query', 'fragment', 'form_post'])
    it(`is kept by no cache and tells no Referer, as ${response_mode}`, async (t) => {
      const { signIn } = await startSignIn(t)

      const { landing } = await signIn({ response_mode })

      assert.equal(landing.headers.get('cache-control'), 'no-store')
      assert.equal(landing.headers.get('referrer-policy'), 'no-referrer')
    })

  it('carries no token', async (t) => {
    const { signIn } = await startSignIn(t)

    const { landing } = await signIn({ scope: 'openid profile scope1 offline_access' })

    assert.deepEqual(Object.keys(landing.parameters), ['code', 'session_state', 'iss'])
  })
})

describe('form_post page', () => {
  async function pageFor(t: Parameters<typeof startSignIn>[0], uri: string, changes: Changes = {}) {
    const clients = [{ ...webClient, clientId: 'web', redirectUris: [uri] }]
    const { signIn } = await startSignIn(t, { clients })
    const request = { redirect_uri: uri, response_mode: 'form_post', ...changes }
    return (await signIn(request)).landing
  }

  it('lets nothing run but its own script, and nothing be posted but to the client', async (t) => {
    const { headers, body } = await pageFor(t, redirect_uri)

    const [, script = ''] = /<script>(.*)<\/script>/.exec(body) ?? []
    const digest = await crypto.subtle.digest('SHA-256', Buffer.from(script))
    assert.equal(script, 'document.forms[0].submit()')
    assert.equal(
      headers.get('content-security-policy'),
      `default-src 'none'; script-src 'sha256-${Buffer.from(digest).toString('base64')}'; ` +
        "form-action https://app.example; frame-ancestors 'none'; base-uri 'none'",
    )
    assert.equal(headers.get('content-type'), 'text/html; charset=utf-8')
  })

  it('has a button where scripts are off', async (t) => {
    const { body } = await pageFor(t, redirect_uri)

    assert.match(body, /<noscript>.*<button>[^<]+<\/button><\/noscript>/s)
  })

  for (const [uri, source] of [
    ['com.example.app:/cb', 'com.example.app:'],
    ['http://[::1]:8080/cb', 'http:'],
    ['http://localhost:8080/cb', 'http://localhost:8080'],
  ] as const)
    it(`may be posted to ${uri}`, async (t) => {
      const { headers } = await pageFor(t, uri)

      const policy = headers.get('content-security-policy') ?? ''
      assert.equal(policy.split('; ').includes(`form-action ${source}`), true)
    })

  it('escapes the address', async (t) => {
    const uri = `https://app.example/cb?a=1&b="><script>`
    const { body } = await pageFor(t, uri.replaceAll('"', '%22'))

    assert.equal(body.split('<script>').length, 2)
    assert.equal(readFormPost(body).action, uri.replaceAll('"', '%22'))
  })

  it('does not say that the user is signed in when they refused', async (t) => {
    const { openBrowser } = await startSignIn(t)
    const { authorize, cancel } = openBrowser()

    const { body } = await cancel(await authorize({ response_mode: 'form_post' }))

    assert.equal(readFormPost(body).fields.error, 'access_denied')
    assert.doesNotMatch(body, /signed in/)
  })
})
