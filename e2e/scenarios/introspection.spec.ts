import { issuer, urls } from '@basics/sample-kit'

import type { Exchange } from '../support/record-fetch.ts'
import { expect, test } from '../support/test.ts'

function readTokens(exchanges: readonly Exchange[]) {
  return JSON.parse(exchanges[1]?.response.body ?? '')
}

function callApi(access_token: string, url = urls.resourceApi): Promise<Response> {
  return fetch(`${url}/identity`, { headers: { Authorization: `Bearer ${access_token}` } })
}

function post(url: string, user: string, body: Record<string, string>): Promise<Response> {
  const Authorization = `Basic ${Buffer.from(`${user}:secret`).toString('base64')}`
  return fetch(url, { method: 'POST', headers: { Authorization }, body: new URLSearchParams(body) })
}

test('gets a token that says nothing, and calls the API with it', async ({ runApp }) => {
  const { exitCode, stdout, stderr, exchanges } = await runApp('introspection')

  expect(stderr).toBe('')
  expect(exitCode).toBe(0)
  expect(exchanges.map(({ method, url, response }) => [method, url, response.status])).toEqual([
    ['GET', `${issuer}/.well-known/openid-configuration`, 200],
    ['POST', `${issuer}/connect/token`, 200],
    ['GET', `${urls.resourceApi}/identity`, 200],
  ])
  expect(readTokens(exchanges)).toEqual({
    // 256 random bits, and no dot.
    access_token: expect.stringMatching(/^[\w-]{43}$/),
    token_type: 'Bearer',
    expires_in: 3600,
    scope: 'scope2',
  })
  expect(stdout).toContain('Token response:')
  expect(stdout).not.toContain('decoded')
})

test('the API asks about the token as resource1, and learns what it stands for', async ({
  startApp,
  runApp,
  freshEnvironment,
}) => {
  const identityServer = startApp('identity-server', freshEnvironment)
  const api = startApp('resource-api', freshEnvironment)
  await Promise.all([identityServer, api].map((server) => server.printed(/listens on/)))
  const { exchanges } = await runApp('introspection', freshEnvironment)
  const { access_token } = readTokens(exchanges)
  const server = freshEnvironment.IDENTITY_SERVER_URL

  const asked = api.exchanges.filter(({ method }) => method === 'POST')
  expect(asked).toHaveLength(1)
  const [question] = asked
  expect(question?.url).toBe(`${server}/connect/introspect`)
  const [scheme, credentials = ''] = question?.headers.authorization?.split(' ') ?? []
  expect(scheme).toBe('Basic')
  expect(Buffer.from(credentials, 'base64').toString()).toBe('resource1:secret')
  expect(Object.fromEntries(new URLSearchParams(question?.body))).toEqual({
    token: access_token,
    token_type_hint: 'access_token',
  })

  const { iat, jti, ...answer } = JSON.parse(question?.response.body ?? '')
  expect(question?.response.headers['cache-control']).toBe('no-store')
  expect(jti).toMatch(/^.{16,}$/)
  expect(answer).toEqual({
    active: true,
    token_type: 'Bearer',
    iss: server,
    sub: 'introspection',
    client_id: 'introspection',
    aud: ['resource1', `${server}/resources`],
    scope: 'scope2',
    nbf: iat,
    exp: iat + 60 * 60,
  })
})

test('the API learns of its own scopes alone', async ({ runApp }) => {
  const { exchanges } = await runApp('introspection', { SCOPE: 'scope1 scope2' })

  expect(readTokens(exchanges).scope).toBe('scope1 scope2')
  const claims: { type: string }[] = JSON.parse(exchanges[2]?.response.body ?? '')
  expect(claims.filter(({ type }) => type === 'scope')).toEqual([
    { type: 'scope', value: 'scope2' },
  ])
})

test('the API accepts a JWT that is for it', async ({ runApp }) => {
  const { exitCode, stdout } = await runApp('client-credentials', {
    SCOPE: 'scope2',
    SIMPLE_API_URL: urls.resourceApi,
  })

  expect(exitCode).toBe(0)
  expect(stdout).toContain('Access token (decoded):')
  expect(stdout).toContain('"value": "resource1"')
})

test('the API refuses a JWT that is not for it', async ({ runApp }) => {
  const { exitCode, exchanges } = await runApp('client-credentials', {
    SCOPE: 'scope1',
    SIMPLE_API_URL: urls.resourceApi,
  })
  const response = exchanges[2]?.response

  expect(exitCode).toBe(1)
  expect(response?.status).toBe(401)
  expect(response?.headers['www-authenticate']).toMatch(/^Bearer .*error="invalid_token"/)
})

test('a revoked token is refused on the next call', async ({ runApp }) => {
  const { exchanges } = await runApp('introspection')
  const { access_token } = readTokens(exchanges)
  expect((await callApi(access_token)).status).toBe(200)

  const revocation = await post(`${issuer}/connect/revocation`, 'introspection', {
    token: access_token,
  })
  expect(revocation.status).toBe(200)

  const refused = await callApi(access_token)
  expect(refused.status).toBe(401)
  expect(refused.headers.get('www-authenticate')).toMatch(/^Bearer .*error="invalid_token"/)
})

test('a token outlives a token service that is killed', async ({
  startApp,
  runApp,
  freshEnvironment,
}) => {
  const identityServer = startApp('identity-server', freshEnvironment)
  const api = startApp('resource-api', freshEnvironment)
  await Promise.all([identityServer, api].map((server) => server.printed(/listens on/)))
  const { exchanges } = await runApp('introspection', freshEnvironment)
  const { access_token } = readTokens(exchanges)

  expect(await identityServer.stop('SIGKILL')).toBe(null)
  const { IDENTITY_SERVER_URL = '', RESOURCE_API_URL = '' } = freshEnvironment
  const refused = await callApi(access_token, RESOURCE_API_URL)
  expect(refused.status).toBe(503)
  await startApp('identity-server', freshEnvironment).printed(/listens on/)

  const introspection = await post(`${IDENTITY_SERVER_URL}/connect/introspect`, 'resource1', {
    token: access_token,
  })
  expect(await introspection.json()).toMatchObject({ active: true, client_id: 'introspection' })
  await api.advanceClock(Number(refused.headers.get('retry-after')))
  expect((await callApi(access_token, RESOURCE_API_URL)).status).toBe(200)
})
