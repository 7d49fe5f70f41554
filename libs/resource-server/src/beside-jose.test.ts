import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createLocalJWKSet, jwtVerify, SignJWT } from 'jose'

import { createSigningKey, type SigningKey, startTime } from '../test-support/fake-issuer.ts'
import { jwtAccessTokenValidation } from './jwt-access-token.ts'
import { readSettings } from './settings.ts'

const issuer = 'https://issuer.example'
const audience = 'api1'

/** Whether a token is accepted, here and by `jwtVerify` told to check the same. */
async function start(alg = 'ES256') {
  const key = await createSigningKey('first', alg)
  const find = createLocalJWKSet({ keys: [key.jwk] })
  const settings = readSettings({ issuer, audience, now: () => startTime })
  const document = { current: () => undefined, read: async () => find, readNewer: async () => find }
  const validate = jwtAccessTokenValidation(document, settings)
  const isAccepted = (token: string) =>
    validate(token).then(
      () => true,
      () => false,
    )
  const isAcceptedByJose = (token: string) =>
    jwtVerify(token, find, {
      typ: 'at+jwt',
      algorithms: [alg],
      issuer,
      audience,
      requiredClaims: ['exp'],
      currentDate: new Date(startTime * 1000),
      clockTolerance: 60,
    }).then(
      () => true,
      () => false,
    )
  return { key, isAccepted, isAcceptedByJose }
}

const claims = { iss: issuer, aud: [audience, 'api2'], sub: 'alice', exp: startTime + 60 }
const header = { alg: 'ES256', kid: 'first', typ: 'at+jwt' }

function sign({ privateKey }: SigningKey, changedClaims: object, changedHeader: object) {
  return new SignJWT({ ...claims, ...changedClaims })
    .setProtectedHeader({ ...header, ...changedHeader })
    .sign(privateKey)
}

const claimChanges = [
  ...[issuer, `${issuer}/`, 'https://ISSUER.example', '', undefined].map((iss) => ({ iss })),
  ...[audience, [audience], [audience, audience], 'api', [], {}, undefined].map((aud) => ({ aud })),
  ...[-61, -60, -59, 0, 0.5, 1e12, '60', null, undefined].map((later) => ({
    exp: typeof later === 'number' ? startTime + later : later,
  })),
  ...[-1, 59, 60, 61, '0', null].map((later) => ({
    nbf: typeof later === 'number' ? startTime + later : later,
  })),
]
const headerChanges = [
  ...[
    'at+jwt',
    'AT+JWT',
    'application/at+jwt',
    'Application/At+Jwt',
    'text/at+jwt',
    'at+jwt ',
    'JWT',
    ['at+jwt'],
    { toString: 1 },
    JSON.parse('['.repeat(4000) + ']'.repeat(4000)),
    undefined,
  ].map((typ) => ({ typ })),
  ...['first', 'second', '', undefined].map((kid) => ({ kid })),
]

describe('beside jose, this library accepts the same', () => {
  for (const change of claimChanges)
    it(`of a token with ${JSON.stringify(change)}`, async () => {
      const { key, isAccepted, isAcceptedByJose } = await start()
      const token = await sign(key, change, {})

      assert.equal(await isAccepted(token), await isAcceptedByJose(token))
    })

  for (const change of headerChanges)
    it(`of a token whose header has ${JSON.stringify(change)}`, async () => {
      const { key, isAccepted, isAcceptedByJose } = await start()
      const token = await sign(key, {}, change)

      assert.equal(await isAccepted(token), await isAcceptedByJose(token))
    })

  // Signatures whose last character is of no whole byte, and of one.
  for (const alg of ['ES256', 'ES384'])
    it(`of a token of ${alg} with any one character left out, doubled or changed`, async () => {
      const { key, isAccepted, isAcceptedByJose } = await start(alg)
      const token = await sign(key, {}, { alg })
      assert.ok(await isAccepted(token))

      for (let n = 0; n < token.length; n++) {
        const [before, character, after] = [token.slice(0, n), token[n], token.slice(n + 1)]
        for (const other of ['', `${character}${character}`, character === 'A' ? 'B' : 'A', '.']) {
          const changed = `${before}${other}${after}`
          assert.equal(await isAccepted(changed), await isAcceptedByJose(changed), changed)
        }
      }
    })
})
