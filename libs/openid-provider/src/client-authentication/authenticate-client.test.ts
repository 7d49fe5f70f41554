import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { createBasicCredentials } from '@basics/protocol'

import { machine } from '../../test-support/registrations.ts'
import { startProvider } from '../../test-support/start-provider.ts'
import { sha256, sha512, sharedSecret } from '../index.ts'

const grant_type = 'client_credentials'
const noAuthentication = { authorization: '' }
const refused = { error: 'invalid_client', error_description: 'unknown client or wrong secret' }

describe('client_secret_basic', () => {
  it('lets a client in', async (t) => {
    const { requestToken } = await startProvider(t)

    assert.equal((await requestToken({ grant_type })).status, 200)
  })

  it('decodes id and secret', async (t) => {
    const awkward = { clientId: 'urn:a b+c', clientSecrets: [sharedSecret(sha256('p:%é+ 1'))] }
    const { requestToken } = await startProvider(t, { clients: [{ ...machine, ...awkward }] })

    const response = await requestToken(
      { grant_type },
      { client_id: 'urn:a b+c', secret: 'p:%é+ 1' },
    )

    assert.equal(response.status, 200)
  })

  it('refuses a wrong secret with 401 and a challenge', async (t) => {
    const { issuer, requestToken } = await startProvider(t)

    const response = await requestToken({ grant_type }, { secret: 'nope' })

    assert.equal(response.status, 401)
    assert.equal(response.headers.get('www-authenticate'), `Basic realm="${issuer}"`)
    assert.deepEqual(await response.json(), refused)
  })

  for (const [problem, caller] of [
    ['an unknown client', { client_id: 'nobody' }],
    ['a disabled client, though its secret is right', { client_id: 'disabled' }],
    ['an empty secret', { secret: '' }],
    ['an id of another case', { client_id: 'Client' }],
    ['an id of 101 characters', { client_id: 'c'.repeat(101) }],
    ['a secret of 101 characters', { secret: 's'.repeat(101) }],
  ] as const)
    it(`refuses ${problem} in the same words as a wrong secret`, async (t) => {
      const { requestToken } = await startProvider(t)

      const response = await requestToken({ grant_type }, caller)

      assert.equal(response.status, 401)
      assert.deepEqual(await response.json(), refused)
    })

  it('refuses a secret of 101 characters even if it is the registered one', async (t) => {
    const secret = 's'.repeat(101)
    const client = { ...machine, clientId: 'client', clientSecrets: [sharedSecret(sha256(secret))] }
    const { requestToken } = await startProvider(t, { clients: [client] })

    assert.deepEqual(await (await requestToken({ grant_type }, { secret })).json(), refused)
  })

  for (const [problem, authorization] of [
    ['nothing behind Basic', 'Basic'],
    ['no base64', 'Basic ***'],
    ['no colon', `Basic ${Buffer.from('client').toString('base64')}`],
    ['a broken percent-escape', `Basic ${Buffer.from('client:%zz').toString('base64')}`],
    ['60 KB', `Basic ${Buffer.from(`client:${'s'.repeat(45_000)}`).toString('base64')}`],
  ] as const)
    it(`refuses a header with ${problem} with 401 and a challenge`, async (t) => {
      const { issuer, requestToken } = await startProvider(t)

      const response = await requestToken({ grant_type }, { headers: { authorization } })

      assert.equal(response.status, 401)
      assert.equal(response.headers.get('www-authenticate'), `Basic realm="${issuer}"`)
      assert.equal((await response.json()).error, 'invalid_client')
    })

  it('takes the client_id parameter when it says the same', async (t) => {
    const { requestToken } = await startProvider(t)

    assert.equal((await requestToken({ grant_type, client_id: 'client' })).status, 200)
  })

  it('refuses a client_id parameter that names another client, with 401 and a challenge', async (t) => {
    const { issuer, requestToken } = await startProvider(t)

    const response = await requestToken({ grant_type, client_id: 'other' })

    assert.equal(response.status, 401)
    assert.equal(response.headers.get('www-authenticate'), `Basic realm="${issuer}"`)
    assert.deepEqual(await response.json(), {
      error: 'invalid_client',
      error_description: 'client_id is not the client that authenticated',
    })
  })
})

describe('client_secret_post', () => {
  const client = { grant_type, client_id: 'client', client_secret: 'secret' }

  it('lets a client in', async (t) => {
    const { postForm } = await startProvider(t)

    assert.equal((await postForm('/connect/token', client)).status, 200)
  })

  it('refuses a wrong secret with 401, which always comes with a challenge', async (t) => {
    const { postForm, issuer } = await startProvider(t)

    const response = await postForm('/connect/token', { ...client, client_secret: 'nope' })

    assert.equal(response.status, 401)
    assert.equal(response.headers.get('www-authenticate'), `Basic realm="${issuer}"`)
    assert.deepEqual(await response.json(), refused)
  })

  it('asks for the client_id', async (t) => {
    const { postForm } = await startProvider(t)

    const response = await postForm('/connect/token', { grant_type, client_secret: 'secret' })

    assert.equal(response.status, 401)
    assert.deepEqual(await response.json(), {
      error: 'invalid_client',
      error_description: 'client_id is missing',
    })
  })
})

describe('client authentication', () => {
  for (const [problem, parameters, headers] of [
    ['no authentication', { grant_type }, {}],
    ['a client_id alone', { grant_type, client_id: 'client' }, {}],
    ['an empty secret', { grant_type, client_id: 'client', client_secret: '' }, {}],
    ['another scheme', { grant_type }, { authorization: 'Bearer abc' }],
    ['a scheme that begins like Basic', { grant_type }, { authorization: 'Basic-x abc' }],
  ] as const)
    it(`refuses ${problem} with 401`, async (t) => {
      const { postForm } = await startProvider(t)

      const response = await postForm('/connect/token', parameters, headers)

      assert.equal(response.status, 401)
      assert.deepEqual(await response.json(), {
        error: 'invalid_client',
        error_description: 'the request carries no client authentication',
      })
    })

  for (const [methods, parameters, headers] of [
    [
      'client_secret_basic and client_secret_post',
      { client_id: 'client', client_secret: 'secret' },
      { authorization: createBasicCredentials({ client_id: 'client', client_secret: 'secret' }) },
    ],
    [
      'client_secret_basic and private_key_jwt',
      { client_assertion: 'x' },
      { authorization: createBasicCredentials({ client_id: 'client', client_secret: 'secret' }) },
    ],
    [
      'client_secret_post and private_key_jwt',
      { client_id: 'client', client_secret: 'secret', client_assertion_type: 'x' },
      noAuthentication,
    ],
  ] as const)
    it(`refuses ${methods} in one request`, async (t) => {
      const { postForm } = await startProvider(t)

      const response = await postForm('/connect/token', { grant_type, ...parameters }, headers)

      assert.equal(response.status, 400)
      assert.deepEqual(await response.json(), {
        error: 'invalid_request',
        error_description: `both ${methods} are used; use one`,
      })
    })

  it('takes any of several secrets, until each expires', async (t) => {
    let now = Date.UTC(2030, 0, 1)
    const clientSecrets = [
      sharedSecret(sha256('old'), { expiration: new Date(now + 1000) }),
      sharedSecret(sha512('new')),
    ]
    const { requestToken } = await startProvider(t, {
      clients: [{ ...machine, clientId: 'client', clientSecrets }],
      now: () => now,
    })
    const statusWith = async (secret: string) =>
      (await requestToken({ grant_type }, { secret })).status

    now += 999
    assert.deepEqual([await statusWith('old'), await statusWith('new')], [200, 200])
    now += 1
    assert.deepEqual([await statusWith('old'), await statusWith('new')], [401, 200])
  })

  it('tells listeners which client came in, and how', async (t) => {
    const { events, requestToken } = await startProvider(t)
    const told: unknown[] = []
    events.on('clientAuthenticated', (event) => told.push(event))

    await requestToken({ grant_type })

    assert.deepEqual(told, [{ client_id: 'client', method: 'client_secret_basic' }])
  })

  it('tells listeners which client was refused, and why', async (t) => {
    const { events, requestToken } = await startProvider(t)
    const told: unknown[] = []
    events.on('clientAuthenticationFailed', (event) => told.push(event))

    await requestToken({ grant_type }, { secret: 'nope' })

    assert.deepEqual(told, [{ client_id: 'client', description: refused.error_description }])
  })
})
