import { setTimeout as delay } from 'node:timers/promises'

import { issuer, urls } from '@basics/sample-kit'
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose'

import { expect, test } from '../support/test.ts'

test('gets a token with its secret and calls the API with it', async ({ runApp }) => {
  const { exitCode, stderr, exchanges } = await runApp('client-credentials')

  expect(stderr).toBe('')
  expect(exitCode).toBe(0)
  expect(exchanges.map(({ method, url, response }) => [method, url, response.status])).toEqual([
    ['GET', `${issuer}/.well-known/openid-configuration`, 200],
    ['POST', `${issuer}/connect/token`, 200],
    ['GET', `${urls.simpleApi}/identity`, 200],
  ])
})

test('sends its secret in the Authorization header and nowhere else', async ({ runApp }) => {
  const { exchanges } = await runApp('client-credentials')
  const [, token] = exchanges

  const [scheme, credentials = ''] = token?.headers.authorization?.split(' ') ?? []
  expect(scheme).toBe('Basic')
  // Both halves are form-encoded before they are joined (RFC 6749 §2.3.1).
  expect(Buffer.from(credentials, 'base64').toString()).toBe('client%2Dcredentials:secret')
  expect(token?.headers['content-type']).toMatch(/^application\/x-www-form-urlencoded\b/)
  expect(Object.fromEntries(new URLSearchParams(token?.body))).toEqual({
    grant_type: 'client_credentials',
    scope: 'scope1',
  })
})

test('gets an answer that no cache may keep, and shows the token to the API alone', async ({
  runApp,
}) => {
  const { exchanges } = await runApp('client-credentials')
  const [discovery, token, api] = exchanges
  const { access_token, ...rest } = JSON.parse(token?.response.body ?? '')

  expect(rest).toEqual({ token_type: 'Bearer', expires_in: 3600, scope: 'scope1' })
  expect(token?.response.headers['cache-control']).toBe('no-store')
  expect(api?.headers.authorization).toBe(`Bearer ${access_token}`)
  expect(discovery?.headers).not.toHaveProperty('authorization')
})

test('gets a JWT access token for an hour', async ({ runApp }) => {
  const { exchanges } = await runApp('client-credentials')
  const { access_token } = JSON.parse(exchanges[1]?.response.body ?? '')
  const { jwks_uri } = JSON.parse(exchanges[0]?.response.body ?? '')

  const { protectedHeader, payload } = await jwtVerify(
    access_token,
    createRemoteJWKSet(new URL(jwks_uri)),
    { issuer, typ: 'at+jwt', algorithms: ['ES256'] },
  )
  const { iat = 0, exp = 0, jti, ...claims } = payload

  expect(protectedHeader).toEqual({ alg: 'ES256', typ: 'at+jwt', kid: expect.any(String) })
  expect(exp - iat).toBe(60 * 60)
  expect(jti).toMatch(/^.{16,}$/)
  expect(claims).toEqual({
    iss: issuer,
    aud: `${issuer}/resources`,
    sub: 'client-credentials',
    client_id: 'client-credentials',
    scope: 'scope1',
    nbf: iat,
  })
})

test('prints the answer, the token decoded and what the API saw in it', async ({ runApp }) => {
  const { stdout, exchanges } = await runApp('client-credentials')
  const tokens = JSON.parse(exchanges[1]?.response.body ?? '')
  const seen = JSON.parse(exchanges[2]?.response.body ?? '')

  for (const heading of ['Token response:', 'Access token (decoded):', 'Service claims:'])
    expect(stdout).toContain(heading)
  expect(stdout).toContain(tokens.access_token)
  expect(stdout).toContain(JSON.stringify(decodeJwt(tokens.access_token), null, 2))
  expect(stdout).toContain(JSON.stringify(seen, null, 2))
  expect(seen).toContainEqual({ type: 'client_id', value: 'client-credentials' })
  expect(seen).toContainEqual({ type: 'scope', value: 'scope1' })
})

test('says in one sentence that its secret is wrong', async ({ runApp }) => {
  const { exitCode, stdout, stderr, exchanges } = await runApp('client-credentials', {
    CLIENT_SECRET: 'wrong',
  })

  expect(exitCode).toBe(1)
  expect(stdout).toBe('')
  expect(stderr).toMatch(/^[^\n]*\binvalid_client\b[^\n]*\n$/)
  expect(exchanges.map(({ response }) => response.status)).toEqual([200, 401])
  expect(exchanges[1]?.response.headers['www-authenticate']).toMatch(/^Basic\b/)
})

test('says in one sentence that it may not have a scope', async ({ runApp }) => {
  const { exitCode, stderr } = await runApp('client-credentials', { SCOPE: 'scope3' })

  expect(exitCode).toBe(1)
  expect(stderr).toMatch(/^[^\n]*\binvalid_scope\b[^\n]*\n$/)
})

for (const [app, variable] of [
  ['identity-server', 'IDENTITY_SERVER_URL'],
  ['simple-api', 'SIMPLE_API_URL'],
] as const)
  test(`says in one sentence that ${app} is down`, async ({ runApp, freshEnvironment }) => {
    const url = freshEnvironment[variable] ?? ''
    const { exitCode, stderr } = await runApp('client-credentials', {
      [variable]: url,
      // Enough to see, on a busy machine too, that the other one is there.
      START_TIMEOUT_SECONDS: '3',
    })

    expect(exitCode).toBe(1)
    expect(stderr).toMatch(new RegExp(`^[^\\n]*${url}[^\\n]*\\b${app}\\b[^\\n]*\\n$`))
  })

test('may be started before its servers', async ({ startApp, freshEnvironment }) => {
  const program = startApp('client-credentials', {
    ...freshEnvironment,
    // A busy machine may take longer to start them than the usual ten seconds.
    START_TIMEOUT_SECONDS: '45',
  })
  await delay(3_000)
  startApp('simple-api', freshEnvironment)
  startApp('identity-server', freshEnvironment)

  expect(await program.exited).toBe(0)
  expect(program.stderr).toBe('')
})

test('an API started before the token service says when to come back, and recovers', async ({
  startApp,
  runApp,
  freshEnvironment,
}) => {
  const { exchanges } = await test.step('get a token, then stop the token service', async () => {
    const servers = ['identity-server', 'simple-api'].map((app) => startApp(app, freshEnvironment))
    await Promise.all(servers.map((server) => server.printed(/listens on/)))
    const ended = await runApp('client-credentials', freshEnvironment)
    await Promise.all(servers.map((server) => server.stop()))
    return ended
  })
  const { authorization = '' } = exchanges[2]?.headers ?? {}
  const callApi = () =>
    fetch(`${freshEnvironment.SIMPLE_API_URL}/identity`, { headers: { authorization } })

  const api = startApp('simple-api', freshEnvironment)
  await api.printed(/listens on/)
  const early = await callApi()
  const retryAfter = early.headers.get('retry-after')
  expect(early.status).toBe(503)
  expect(retryAfter).toMatch(/^\d+$/)

  await startApp('identity-server', freshEnvironment).printed(/listens on/)
  await api.advanceClock(Number(retryAfter))
  expect((await callApi()).status).toBe(200)
})
