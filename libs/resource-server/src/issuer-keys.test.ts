import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'

import { createSigningKey, startIssuer, startTime } from '../test-support/fake-issuer.ts'
import { issuerKeys } from './issuer-keys.ts'
import { issuerMetadata } from './issuer-metadata.ts'
import { IssuerUnavailable } from './issuer-unavailable.ts'
import { jwtAccessTokenValidation } from './jwt-access-token.ts'
import { readSettings } from './settings.ts'

/** The keys of an issuer, and a validation by them that tells how often it has looked for one. */
async function start(t: TestContext) {
  const issuer = await startIssuer(t)
  const clock = { now: startTime }
  const settings = readSettings({
    issuer: issuer.url,
    now: () => clock.now,
    onUnavailable: () => {},
  })
  const keys = issuerKeys(issuerMetadata(settings), settings)
  const verified = { times: 0 }
  const read = () => {
    verified.times++
    return keys.read()
  }
  const validate = jwtAccessTokenValidation({ ...keys, read }, settings)
  return { issuer, clock, keys, validate, verified }
}

describe("the issuer's keys", () => {
  it('are the same function until they are others', async (t) => {
    const { issuer, clock, keys } = await start(t)
    const find = await keys.read()

    clock.now += 600
    assert.equal(await keys.readNewer(), find)
    issuer.keys.push(await createSigningKey('second'))
    clock.now += 600
    assert.notEqual(await keys.readNewer(), find)

    assert.equal(issuer.count('GET /jwks'), 3)
  })

  it('have a known token verified again when they are others, and not when they are as before', async (t) => {
    const { issuer, clock, keys, validate, verified } = await start(t)
    const token = await issuer.sign()
    await keys.read()
    await validate(token)

    clock.now += 600
    await keys.readNewer()
    await validate(token)
    assert.equal(verified.times, 1)
    issuer.keys.push(await createSigningKey('second'))
    clock.now += 600
    await keys.readNewer()
    await validate(token)
    assert.equal(verified.times, 2)
  })

  it('have a known token verified once while the issuer cannot be had', async (t) => {
    const { issuer, clock, keys, validate, verified } = await start(t)
    const token = await issuer.sign()
    await keys.read()
    await validate(token)

    issuer.instead = (_req, res) => res.destroy()
    for (let n = 0; n < 5; n++) {
      clock.now += 600
      await validate(token)
      // The renewal behind it has failed.
      await assert.rejects(keys.readNewer(), IssuerUnavailable)
    }

    assert.equal(verified.times, 1)
  })
})
