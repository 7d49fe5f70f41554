import { clientCredentialsTokens } from '@basics/token-management'
import { ClientSecretBasic } from 'openid-client'

import type { Program } from '../support/program.ts'
import { expect, test } from '../support/test.ts'

const name = 'worker-token-management'

/** Seconds after which a token that lives for 75 is due for renewal, and far from dead. */
const due = 40

const eager = { WORKER_INTERVAL_SECONDS: '1' }

function readTokens({ exchanges }: Program) {
  return exchanges
    .filter(({ url }) => url.endsWith('/connect/token'))
    .map(({ response }) => JSON.parse(response.body))
}

test('uses one token for many calls, renews it and stops when told to', async ({ startApp }) => {
  const worker = startApp(name, eager)
  await worker.printed(/token obtained.*token reused.*API: /s)
  await worker.advanceClock(due)
  await worker.printed(/token renewed.*token reused.*API: /s)

  expect(await worker.stop('SIGINT')).toBe(0)
  expect(worker.stderr).toBe('')
  expect(worker.stdout).toMatch(/stopped\n$/)
  const tokens = readTokens(worker)
  expect(tokens[0]).toEqual({
    access_token: expect.any(String),
    token_type: 'Bearer',
    expires_in: 75,
    scope: 'scope1',
  })

  expect(tokens).toHaveLength(2)

  const calls = worker.exchanges.filter(({ url }) => url.endsWith('/identity'))
  expect(calls.every(({ response }) => response.status === 200)).toBe(true)
  const sent = new Set(calls.map(({ headers }) => headers.authorization))
  expect([...sent]).toEqual(tokens.map(({ access_token }) => `Bearer ${access_token}`))
  expect(calls.length).toBeGreaterThan(tokens.length)
})

test('goes on calling while the token service is down', async ({ startApp, freshEnvironment }) => {
  const identityServer = startApp('identity-server', freshEnvironment)
  const simpleApi = startApp('simple-api', freshEnvironment)
  await Promise.all([identityServer, simpleApi].map((server) => server.printed(/listens on/)))
  const worker = startApp(name, { ...freshEnvironment, ...eager })
  await worker.printed(/API: /)

  await identityServer.stop('SIGKILL')
  await worker.advanceClock(due)
  await worker.printed(/token request failed.*API: /s)
  expect(worker.stdout).not.toContain('call failed')

  startApp('identity-server', freshEnvironment)
  await worker.printed(/token renewed.*API: /s)
})

test('may be started before its servers', async ({ startApp, freshEnvironment }) => {
  const worker = startApp(name, { ...freshEnvironment, ...eager })
  await worker.printed(/call failed: /)

  startApp('simple-api', freshEnvironment)
  startApp('identity-server', freshEnvironment)
  await worker.printed(/token obtained.*API: /s)
})

test('50 calls at once, without a token yet, make one token request', async ({
  startApp,
  freshEnvironment,
}) => {
  // In production its log is JSON, a line for each request.
  const identityServer = startApp('identity-server', {
    ...freshEnvironment,
    NODE_ENV: 'production',
  })
  const simpleApi = startApp('simple-api', freshEnvironment)
  await Promise.all([identityServer, simpleApi].map((server) => server.printed(/listens on/)))
  const { IDENTITY_SERVER_URL = '', SIMPLE_API_URL = '' } = freshEnvironment
  const tokens = clientCredentialsTokens({
    worker: {
      issuer: IDENTITY_SERVER_URL,
      clientId: name,
      clientAuthentication: ClientSecretBasic('secret'),
      scope: 'scope1',
    },
  })
  const api = tokens.fetchFor('worker', { baseUrl: SIMPLE_API_URL })

  const responses = await Promise.all(Array.from({ length: 50 }, () => api('/identity')))

  expect(responses.map(({ status }) => status)).toEqual(Array(50).fill(200))
  const jtis = await Promise.all(responses.map(readJti))
  expect(new Set(jtis).size).toBe(1)
  await identityServer.stop()
  const requests = identityServer.stdout.match(/"endpoint":"token"/g)
  expect(requests).toHaveLength(1)
})

async function readJti(response: Response): Promise<unknown> {
  const claims = (await response.json()) as { type: string; value: unknown }[]
  return claims.find(({ type }) => type === 'jti')?.value
}
