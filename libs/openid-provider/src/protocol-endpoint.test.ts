import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { inspect } from 'node:util'

import { createBasicCredentials } from '@basics/protocol'

import { clientJwk, signAssertion, withAssertion } from '../test-support/client-assertion.ts'
import { collectLogs } from '../test-support/collect-logs.ts'
import { clients, machine } from '../test-support/registrations.ts'
import { sendBytes } from '../test-support/send-bytes.ts'
import { startProvider } from '../test-support/start-provider.ts'
import { jsonWebKey, memoryStore } from './index.ts'

const grant_type = 'client_credentials'
const basic = createBasicCredentials({ client_id: 'client', client_secret: 'secret' })
const form = 'application/x-www-form-urlencoded'
const body = `grant_type=${grant_type}`

describe('a back-channel request, in the log', () => {
  it('is one line: endpoint, client, grant, outcome and duration', async (t) => {
    const { logger, lines } = collectLogs()
    const { requestToken } = await startProvider(t, { logger })

    await requestToken({ grant_type })

    const [line, ...others] = lines
    const { duration, ...fields } = line?.fields ?? {}
    assert.deepEqual(others, [])
    assert.deepEqual([line?.level, line?.message], ['info', 'token'])
    assert.deepEqual(fields, { endpoint: 'token', client_id: 'client', grant_type, outcome: 'ok' })
    assert.equal(typeof duration, 'number')
  })

  it('says why it was refused, and whom it claimed to come from', async (t) => {
    const { logger, lines } = collectLogs()
    const { requestToken } = await startProvider(t, { logger })

    await requestToken({ grant_type }, { client_id: 'nobody' })

    const [{ duration: _, ...fields } = {}] = lines.map((line) => line.fields)
    assert.equal(lines.length, 1)
    assert.deepEqual(fields, {
      endpoint: 'token',
      client_id: 'nobody',
      outcome: 'invalid_client',
      description: 'unknown client or wrong secret',
    })
  })

  it('says whether a token was active', async (t) => {
    const { logger, lines } = collectLogs()
    const { introspect } = await startProvider(t, { logger })

    await introspect('unknown', { client_id: 'resource1', secret: 'api-secret' })

    const [{ duration: _, ...fields } = {}] = lines.map((line) => line.fields)
    assert.deepEqual(fields, {
      endpoint: 'introspection',
      client_id: 'resource1',
      active: false,
      outcome: 'ok',
    })
  })

  it('holds no more than 100 characters of a client_id', async (t) => {
    const { logger, lines } = collectLogs()
    const { requestToken } = await startProvider(t, { logger })

    await requestToken({ grant_type }, { client_id: 'c'.repeat(500) })

    assert.equal(lines[0]?.fields.client_id, 'c'.repeat(100))
  })

  it('leaves no secret, assertion or token in any line or event', async (t) => {
    const now = Date.UTC(2030, 0, 1)
    const { logger, lines } = collectLogs()
    const withKey = { ...machine, clientId: 'jwt', clientSecrets: [jsonWebKey(clientJwk)] }
    const { issuer, events, introspect, postForm, requestToken, revoke } = await startProvider(t, {
      clients: [...clients, withKey],
      logger,
      now: () => now,
    })
    const told: unknown[] = []
    for (const name of [
      'clientAuthenticated',
      'clientAuthenticationFailed',
      'apiAuthenticationFailed',
      'requestRefused',
      'tokenIssued',
      'tokenIntrospected',
      'tokenRevoked',
    ] as const)
      events.on(name, (event: unknown) => told.push(name, event))
    const api = { client_id: 'resource1', secret: 'api-secret' }
    const assertion = await signAssertion(issuer, now)
    const jwt = await (await requestToken({ grant_type })).json()
    const reference = await (await requestToken({ grant_type }, { client_id: 'reference' })).json()

    await postForm('/connect/token', withAssertion(assertion))
    await postForm('/connect/token', withAssertion(assertion))
    await postForm('/connect/token', withAssertion(`${assertion}x`))
    await requestToken({ grant_type }, { secret: 'wrong-secret' })
    await postForm('/connect/token', { grant_type, client_id: 'a', client_secret: 'wrong-secret' })
    await requestToken([
      ['client_secret', 'wrong-secret'],
      ['client_secret', 'wrong-secret'],
    ])
    await introspect(jwt.access_token, api)
    await introspect(reference.access_token, api)
    await introspect(reference.access_token, { ...api, secret: 'wrong-secret' })
    await revoke(jwt.access_token)
    await revoke(reference.access_token)
    await revoke(reference.access_token, { client_id: 'reference' })

    const all = inspect({ lines, told }, { depth: Infinity, maxStringLength: Infinity })
    assert.equal(lines.length, 14)
    assert.equal(new Set(told.filter((each) => typeof each === 'string')).size, 7)
    const [, , signature = ''] = assertion.split('.')
    for (const secret of [
      ...['wrong-secret', 'api-secret', 'Basic ', assertion, signature],
      ...[jwt.access_token, reference.access_token],
    ])
      assert.equal(all.includes(secret), false, secret)
  })
})

describe('a refused back-channel request', () => {
  it('is told to listeners', async (t) => {
    const { events, requestToken } = await startProvider(t)
    const told: unknown[] = []
    events.on('requestRefused', (event) => told.push(event))

    await requestToken({ grant_type, scope: 'nope' })

    assert.deepEqual(told, [
      {
        endpoint: 'token',
        client_id: 'client',
        grant_type,
        error: 'invalid_scope',
        description: 'nope is unknown, or not allowed for this client',
      },
    ])
  })

  for (const path of ['/connect/token', '/connect/userinfo'])
    it(`is one of ${path} with two Authorization headers, though the first is good`, async (t) => {
      const { port, events, requestToken } = await startProvider(t)
      const { access_token } = await (await requestToken({ grant_type })).json()
      const told: unknown[] = []
      events.on('requestRefused', ({ description }) => told.push(description))
      const good = path === '/connect/token' ? basic : `Bearer ${access_token}`

      const { status } = await sendBytes(
        port,
        `POST ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: ${form}\r\n` +
          `Authorization: ${good}\r\nauthorization: other\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      )

      assert.equal(status, 400)
      assert.deepEqual(told, ['there are two Authorization headers'])
    })

  it('may not be cached either', async (t) => {
    const { requestToken } = await startProvider(t)

    const { headers } = await requestToken({ grant_type }, { secret: 'nope' })

    assert.equal(headers.get('cache-control'), 'no-store')
    assert.equal(headers.get('pragma'), 'no-cache')
  })

  it('quotes nothing that could break out of its description', async (t) => {
    const { requestToken } = await startProvider(t)

    const response = await requestToken({ grant_type: '"\r\nSet-Cookie: a=b\\ä' })

    assert.deepEqual(await response.json(), {
      error: 'unsupported_grant_type',
      error_description: 'grant_type ???Set-Cookie: a=b?? is not supported',
    })
  })
})

describe('a failure of the token service itself', () => {
  it('is a server_error whose reason is in the log alone', async (t) => {
    const { logger, lines } = collectLogs()
    const failure = new Error('the disk is full')
    const store = Object.assign(memoryStore(), {
      store() {
        throw failure
      },
    })
    const { requestToken } = await startProvider(t, { logger, store })

    const response = await requestToken({ grant_type }, { client_id: 'reference' })

    assert.equal(response.status, 500)
    assert.equal(response.headers.get('cache-control'), 'no-store')
    assert.deepEqual(await response.json(), {
      error: 'server_error',
      error_description: 'the token service failed; its log says why',
    })
    assert.deepEqual(lines[0]?.fields, { err: failure })
    assert.deepEqual([lines[0]?.level, lines[1]?.fields.outcome], ['error', 'server_error'])
  })
})
