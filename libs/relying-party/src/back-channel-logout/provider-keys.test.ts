import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { startServer } from '@basics/protocol/test-support/start-server'
import { exportJWK, generateKeyPair } from 'jose'
import { Configuration, type ServerMetadata } from 'openid-client'

import { providerKeys } from './provider-keys.ts'

const { publicKey } = await generateKeyPair('RS256')
const jwk = { ...(await exportJWK(publicKey)), kid: 'key', alg: 'RS256', use: 'sig' }
const header = { alg: 'RS256', kid: 'key' }
const token = { payload: '', signature: '' }

async function start(t: TestContext, issuer?: string) {
  const requests: (string | undefined)[] = []
  const served = { status: 200 }
  const answer: Record<string, unknown> = { keys: [jwk] }
  const url = await startServer(t, (req, res) => {
    requests.push(req.url)
    res.statusCode = served.status
    res.setHeader('Content-Type', 'application/json').end(JSON.stringify(answer))
  })
  const metadata: { -readonly [Name in keyof ServerMetadata]: ServerMetadata[Name] } = {
    issuer: issuer ?? url,
    jwks_uri: `${url}/jwks`,
  }
  const keys = providerKeys({
    provider: async () => new Configuration(metadata, 'client'),
    issuer: new URL(metadata.issuer),
    timeoutSeconds: 5,
    now: () => Date.now() / 1000,
  })
  return { requests, served, answer, metadata, keys, url }
}

describe("the provider's keys", () => {
  it('are for RS256 when the provider does not say', async (t) => {
    const { keys, url } = await start(t)

    assert.deepEqual(await keys.signer(), { issuer: url, algorithms: ['RS256'] })
  })

  it('are for no algorithm whose key everyone has', async (t) => {
    const { keys, metadata } = await start(t)
    metadata.id_token_signing_alg_values_supported = ['none', 'HS256', 'ES256', 'PS512', 'EdDSA']

    assert.deepEqual((await keys.signer()).algorithms, ['ES256', 'PS512', 'EdDSA'])
  })

  it('are not fetched in the clear for an issuer that is not', async (t) => {
    const { keys, requests } = await start(t, 'https://login.example')

    await assert.rejects(async () => keys.find(header, token), { error: 'temporarily_unavailable' })
    assert.deepEqual(requests, [])
  })

  it('are not read out of more than 256 KiB', async (t) => {
    const { keys, answer } = await start(t)
    answer.padding = 'x'.repeat(256 * 1024)

    await assert.rejects(async () => keys.find(header, token), { error: 'temporarily_unavailable' })
  })

  it('are not there when the provider says nowhere', async (t) => {
    const { keys, metadata } = await start(t)
    delete metadata.jwks_uri

    await assert.rejects(async () => keys.find(header, token), { error: 'temporarily_unavailable' })
  })

  it('are not there for one reason until there is an address again', async (t) => {
    const { keys, metadata } = await start(t)
    const { jwks_uri = '' } = metadata
    const reason = async (address: string) => {
      metadata.jwks_uri = address
      const failure = await Promise.resolve(keys.find(header, token)).catch((error) => error)
      return failure.cause
    }

    const first = await reason('nowhere')
    assert.ok(first instanceof Error)
    assert.equal(await reason('nowhere'), first, 'it would be logged again')
    await reason(jwks_uri)
    assert.notEqual(await reason('nowhere'), first, 'it would not be logged again')
  })

  it('are fetched where they have moved to', async (t) => {
    const { keys, metadata, requests, url } = await start(t)
    await keys.find(header, token)
    await keys.find(header, token)
    metadata.jwks_uri = `${url}/moved`
    await keys.find(header, token)

    assert.deepEqual(requests, ['/jwks', '/moved'])
  })

  it('are not fetched again for each key that is not there', async (t) => {
    const { keys, requests } = await start(t)
    await keys.find(header, token)

    for (const kid of ['a', 'b'])
      await assert.rejects(async () => keys.find({ ...header, kid }, token), {
        code: 'ERR_JWKS_NO_MATCHING_KEY',
      })

    assert.equal(requests.length, 1, 'they have just been fetched')
  })

  it('are used while they cannot be fetched again for one that is not there', async (t) => {
    t.mock.timers.enable({ apis: ['Date'], now: Date.now() })
    const { keys, requests, served } = await start(t)
    await keys.find(header, token)
    served.status = 503
    t.mock.timers.setTime(Date.now() + 31_000)

    for (const kid of ['a', 'b']) {
      const error = { error: 'temporarily_unavailable' }
      await assert.rejects(async () => keys.find({ ...header, kid }, token), error)
      await keys.find(header, token)
    }

    assert.equal(requests.length, 2, 'one of them failed')
  })
})
