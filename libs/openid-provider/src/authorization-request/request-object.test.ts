import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { describe, it } from 'node:test'

import { clientJwk } from '../../test-support/client-assertion.ts'
import { signingClients, signRequest } from '../../test-support/request-object.ts'
import { redirect_uri, startSignIn } from '../../test-support/sign-in.ts'

/** What travels beside an object: everything else is left out. */
const bare = {
  response_type: undefined,
  redirect_uri: undefined,
  scope: undefined,
  code_challenge: undefined,
  code_challenge_method: undefined,
  client_id: 'jar',
}

const minute = 60
const nowInSeconds = () => Math.floor(Date.now() / 1000)

async function start(t: Parameters<typeof startSignIn>[0]) {
  const started = await startSignIn(t, { clients: signingClients })
  const { openBrowser, issuer } = started
  return {
    ...started,
    /** What comes of a request object: where the browser ends up, and with what. */
    async send(request: string, beside: Record<string, string | undefined> = {}) {
      const { url, body } = await openBrowser().authorize({ ...bare, request, ...beside })
      return { url, body }
    },
    sign: (changes: Parameters<typeof signRequest>[1] = {}) => signRequest(issuer, changes),
  }
}

describe('request object', () => {
  it('carries the whole request, its state included', async (t) => {
    const { sign, openBrowser } = await start(t)
    const browser = openBrowser()

    const landing = await browser.logIn(await browser.authorize({ ...bare, request: await sign() }))

    assert.equal(landing.url.origin + landing.url.pathname, redirect_uri)
    assert.equal(landing.parameters.state, 'signed')
    assert.ok(landing.parameters.code)
  })

  it('counts for more than what stands beside it', async (t) => {
    const { sign, openBrowser } = await start(t)
    const browser = openBrowser()
    const beside = { redirect_uri: 'https://evil.example/cb', state: 'forged', prompt: 'none' }

    const landing = await browser.logIn(
      await browser.authorize({ ...bare, request: await sign(), ...beside }),
    )

    assert.equal(landing.url.origin + landing.url.pathname, redirect_uri)
    assert.equal(landing.parameters.state, 'signed')
  })

  it('ignores parameters that stand beside it alone', async (t) => {
    const { sign, send } = await start(t)

    const { url } = await send(await sign(), { prompt: 'none', login_hint: 'mallory' })

    assert.equal(url.pathname, '/account/login')
  })

  it('may hold numbers and JSON', async (t) => {
    const { sign, send } = await start(t)
    const claims = { max_age: 600, claims: { id_token: { sub: { value: 'alice' } } } }

    const { url } = await send(await sign({ claims }))

    assert.equal(url.pathname, '/account/login')
  })

  for (const typ of ['oauth-authz-req+jwt', 'application/oauth-authz-req+jwt', 'JWT', undefined])
    it(`may have typ ${typ}`, async (t) => {
      const { sign, send } = await start(t)

      const { url } = await send(await sign({ header: { typ } as object }))

      assert.equal(url.pathname, '/account/login')
    })

  for (const [problem, changes] of [
    ['is of another client', { claims: { client_id: 'other', iss: 'other' } }],
    ['names another client', { claims: { client_id: 'other' } }],
    ['has another issuer', { claims: { iss: 'other' } }],
    ['has no client_id', { claims: { client_id: undefined } }],
    ['has no iss', { claims: { iss: undefined } }],
    ['has no aud', { claims: { aud: undefined } }],
    ['is for another server', { claims: { aud: 'https://other.example' } }],
    ['has no exp', { claims: { exp: undefined } }],
    ['has expired', { claims: { exp: nowInSeconds() - 2 * minute } }],
    ['expires in an hour', { claims: { exp: nowInSeconds() + 60 * minute } }],
    ['was issued in the future', { claims: { iat: nowInSeconds() + 2 * minute } }],
    ['is not valid yet', { claims: { nbf: nowInSeconds() + 2 * minute } }],
    ['holds a request', { claims: { request: 'a.b.c' } }],
    ['holds a request_uri', { claims: { request_uri: 'https://app.example/r' } }],
    ['has a jti that is no text', { claims: { jti: 5 } }],
    ['has a sub', { claims: { sub: 'jar' } }],
    ['holds a NUL', { claims: { state: 'a\0b' } }],
    ['is an access token', { header: { typ: 'at+jwt' } }],
    ['is a client assertion', { header: { typ: 'client-authentication+jwt' } }],
    [
      'is signed with a key that is not registered',
      { key: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey },
    ],
    [
      'is signed by HMAC with the public key',
      { header: { alg: 'HS256' }, key: Buffer.from(JSON.stringify(clientJwk)) },
    ],
  ] as const)
    it(`is refused when it ${problem}`, async (t) => {
      const { sign, send } = await start(t)

      const { url, body } = await send(await sign(changes as object))

      assert.equal(url.pathname, '/error')
      assert.equal(JSON.parse(body).error, 'invalid_request_object')
    })

  for (const claims of [
    { exp: nowInSeconds() - 2 * minute },
    { iat: nowInSeconds() + 2 * minute },
    { nbf: nowInSeconds() + 2 * minute },
  ])
    it(`is refused for the time alone when only ${Object.keys(claims)} is wrong`, async (t) => {
      const { sign, send } = await start(t)

      const { body } = await send(await sign({ claims }))

      assert.deepEqual(JSON.parse(body).explanation, { reason: 'wrong_time' })
      assert.match(
        JSON.parse(body).errorDescription,
        /\. Do the clocks of client and server differ\?$/,
      )
    })

  it('is refused for its lifetime, and not for the clocks, when it is to live too long', async (t) => {
    const { sign, send } = await start(t)

    const { body } = await send(await sign({ claims: { exp: nowInSeconds() + 60 * minute } }))

    const { errorDescription, explanation } = JSON.parse(body)
    assert.equal(errorDescription, 'the request object is refused: exp is more than 300 s ahead')
    assert.equal(explanation, undefined)
  })

  it('is refused for more than the time when the signature is wrong too', async (t) => {
    const { sign, send } = await start(t)
    const { privateKey: key } = generateKeyPairSync('ec', { namedCurve: 'P-256' })

    const { body } = await send(await sign({ claims: { exp: nowInSeconds() - 2 * minute }, key }))

    assert.equal(JSON.parse(body).explanation, undefined)
  })

  for (const [problem, object] of [
    ['is not signed', (jwt: string) => unsigned(jwt)],
    ['is encrypted', () => 'a.b.c.d.e'],
    ['is no JWT', () => 'nonsense'],
    ['is too long', (jwt: string) => `${jwt}${'a'.repeat(51_200)}`],
    [
      'was changed',
      (jwt: string) => jwt.replace(/\.[^.]+\./, (claims) => `${claims.slice(0, -2)}A.`),
    ],
  ] as const)
    it(`is refused when it ${problem}`, async (t) => {
      const { sign, send } = await start(t)

      const { url, body } = await send(object(await sign()))

      assert.equal(url.pathname, '/error')
      assert.equal(JSON.parse(body).error, 'invalid_request_object')
    })

  it('is good for one use', async (t) => {
    const { sign, send } = await start(t)
    const request = await sign()

    await send(request)
    const { url, body } = await send(request)

    assert.equal(url.pathname, '/error')
    assert.equal(JSON.parse(body).errorDescription, 'the request object was used before')
  })

  it('is refused with request_uri beside it', async (t) => {
    const { sign, send } = await start(t)

    const { body } = await send(await sign(), { request_uri: 'https://app.example/r' })

    assert.equal(JSON.parse(body).error, 'invalid_request')
  })

  it('that is refused leads to no client, whatever stands beside it', async (t) => {
    const { send } = await start(t)

    const { url } = await send('nonsense', { redirect_uri, state: 'outer' })

    assert.equal(url.pathname, '/error')
  })

  it('without a jti is good for one use too', async (t) => {
    const { sign, send } = await start(t)
    const request = await sign({ claims: { jti: undefined } })

    const first = await send(request)
    const { body } = await send(request)

    assert.equal(first.url.pathname, '/account/login')
    assert.equal(JSON.parse(body).errorDescription, 'the request object was used before')
  })

  it('cannot come back as an assertion, nor an assertion as a request', async (t) => {
    const { sign, send, postForm } = await start(t)
    const header = { typ: 'JWT' }
    const request = await sign({ header, claims: { sub: 'jar' } })

    const { body } = await send(request)
    const response = await postForm(
      '/connect/token',
      new URLSearchParams({
        grant_type: 'refresh_token',
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: request,
      }),
    )

    assert.equal(
      JSON.parse(body).errorDescription,
      'the request object has a sub, as assertions have',
    )
    assert.deepEqual(await response.json(), {
      error: 'invalid_client',
      error_description: 'the assertion holds an authorization request',
    })
  })

  it('of a client that has to sign lets nothing unsigned pass', async (t) => {
    const { openBrowser } = await start(t)

    const { url } = await openBrowser().authorize({ client_id: 'jar-only' })

    assert.equal(url.searchParams.get('error_description'), 'the client has to sign its requests')
  })

  it('survives the login page of a client that has to sign', async (t) => {
    const { sign, openBrowser } = await start(t)
    const claims = { client_id: 'jar-only', iss: 'jar-only' }
    const browser = openBrowser()
    const page = await browser.authorize({
      ...bare,
      client_id: 'jar-only',
      request: await sign({ claims }),
    })

    const landing = await browser.logIn(page)

    assert.ok(landing.parameters.code)
  })
})

function unsigned(jwt: string): string {
  const header = Buffer.from('{"alg":"none"}').toString('base64url')
  return `${header}.${jwt.split('.')[1]}.`
}
