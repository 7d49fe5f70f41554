import assert from 'node:assert/strict'
import { generateKeyPairSync, sign } from 'node:crypto'
import { describe, it } from 'node:test'
import { CompactSign, SignJWT } from 'jose'

import { createSigningKey, startIssuer, startTime } from '../test-support/fake-issuer.ts'
import { startApi } from '../test-support/start-api.ts'

const audience = 'api1'
const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** The description in an `invalid_token` challenge. */
async function refused(response: Response): Promise<string | undefined> {
  assert.equal(response.status, 401)
  assert.equal(await response.text(), '')
  const challenge = response.headers.get('www-authenticate') ?? ''
  return /^Bearer realm="[^"]+", error="invalid_token", error_description="([^"]*)"$/.exec(
    challenge,
  )?.[1]
}

describe('a JWT access token', () => {
  it('may write its typ in full', async (t) => {
    const issuer = await startIssuer(t)
    const { call } = await startApi(t, { issuer: issuer.url })

    assert.equal((await call(await issuer.sign({}, { typ: 'application/at+jwt' }))).status, 200)
  })

  it('may be as the example of RFC 9068 §3, but for issuer and times', async (t) => {
    const issuer = await startIssuer(t)
    const { call } = await startApi(t, { issuer: issuer.url, audience: 'https://rs.example.com/' })
    const claims = {
      sub: '5ba552d67',
      aud: 'https://rs.example.com/',
      jti: 'dbe39bf3a3ba4238a513f51d6e1691c4',
      client_id: 's6BhdRkqt3',
      scope: 'openid profile reademail',
    }

    const response = await call(await issuer.sign(claims, { typ: 'at+JWT' }))

    assert.equal(response.status, 200)
    assert.partialDeepStrictEqual(await response.json(), claims)
  })

  for (const typ of ['JWT', 'logout+jwt', undefined])
    it(`is refused with ${typ} as its typ`, async (t) => {
      const issuer = await startIssuer(t)
      const { call } = await startApi(t, { issuer: issuer.url })
      const { privateKey, jwk } = issuer.keys[0] ?? assert.fail()
      const token = await new SignJWT({ iss: issuer.url, exp: startTime + 60 })
        .setProtectedHeader({ alg: 'ES256', kid: jwk.kid, ...(typ !== undefined && { typ }) })
        .sign(privateKey)

      assert.match((await refused(await call(token))) ?? '', /not an access token/)
    })

  const claims = [
    { what: 'another issuer', claims: { iss: 'https://other.example' }, says: /another issuer/ },
    { what: 'no issuer', claims: { iss: undefined }, says: /who issued it/ },
    { what: 'another audience', claims: { aud: 'api2' }, says: /not for this API/ },
    { what: 'no audience', claims: { aud: undefined }, says: /not for this API/ },
    {
      what: 'an audience of numbers',
      claims: { aud: ['api1', 1] },
      says: /aud is not of its type/,
    },
    { what: 'no expiry', claims: { exp: undefined }, says: /when it expires/ },
    {
      what: 'an expiry that is text',
      claims: { exp: '9999999999' },
      says: /exp is not of its type/,
    },
    { what: 'a scope that is an object', claims: { scope: {} }, says: /scope is not of its type/ },
    { what: 'a sub that is a number', claims: { sub: 1 }, says: /sub is not of its type/ },
    { what: 'a key to prove', claims: { cnf: { jkt: 'x' } }, says: /bound to a key/ },
  ]
  for (const { what, claims: changed, says } of claims)
    it(`is refused with ${what}`, async (t) => {
      const issuer = await startIssuer(t)
      const { call } = await startApi(t, { issuer: issuer.url, audience })
      const token = await issuer.sign(changed)

      assert.match((await refused(await call(token))) ?? '', says)
    })

  it('needs no audience when the API has none', async (t) => {
    const issuer = await startIssuer(t)
    const { call } = await startApi(t, { issuer: issuer.url })

    assert.equal((await call(await issuer.sign({ aud: 'api2' }))).status, 200)
  })

  it('expires 60 s after its exp', async (t) => {
    const issuer = await startIssuer(t)
    const { call, clock } = await startApi(t, { issuer: issuer.url })
    const token = await issuer.sign({ exp: startTime + 10 })

    clock.now = startTime + 69
    assert.equal((await call(token)).status, 200)
    clock.now = startTime + 70
    assert.equal(await refused(await call(token)), 'the token has expired')
  })

  it('is verified once, until it expires', async (t) => {
    const issuer = await startIssuer(t)
    const { call, clock, ready } = await startApi(t, { issuer: issuer.url })
    await ready()
    const verify = t.mock.method(crypto.subtle, 'verify')
    const [one, other] = [await issuer.sign({ exp: startTime + 10 }), await issuer.sign()]
    const verified = () => verify.mock.callCount()

    for (const token of [one, one, other, one]) assert.equal((await call(token)).status, 200)
    assert.equal(verified(), 2)
    clock.now = startTime + 10
    for (const token of [one, one, other]) assert.equal((await call(token)).status, 200)
    assert.equal(verified(), 4)
  })

  it('is valid from 60 s before its nbf', async (t) => {
    const issuer = await startIssuer(t)
    const { call, clock } = await startApi(t, { issuer: issuer.url })
    const token = await issuer.sign({ nbf: startTime + 61 })

    assert.match((await refused(await call(token))) ?? '', /not valid yet/)
    clock.now = startTime + 1
    assert.equal((await call(token)).status, 200)
  })

  it('is refused when it was changed', async (t) => {
    const issuer = await startIssuer(t)
    const { call } = await startApi(t, { issuer: issuer.url })
    const [header, , signature] = (await issuer.sign()).split('.')
    const changed = base64url({ iss: issuer.url, sub: 'admin', exp: startTime + 60 })

    const description = await refused(await call(`${header}.${changed}.${signature}`))

    assert.equal(description, 'the signature of the token is wrong')
  })

  it('is refused when someone else signed it with the kid of the issuer', async (t) => {
    const issuer = await startIssuer(t)
    const { call } = await startApi(t, { issuer: issuer.url })
    const token = await issuer.sign({}, {}, await createSigningKey('first'))

    assert.equal(await refused(await call(token)), 'the signature of the token is wrong')
  })

  it('is refused without a signature', async (t) => {
    const issuer = await startIssuer(t)
    const { call } = await startApi(t, { issuer: issuer.url })
    const [, payload] = (await issuer.sign()).split('.')
    const header = base64url({ alg: 'none', typ: 'at+jwt' })

    assert.match((await refused(await call(`${header}.${payload}.`))) ?? '', /accepted algorithm/)
    assert.deepEqual(issuer.requests, [], 'the issuer was bothered')
  })

  it('is refused when the public key served as the secret of an HMAC', async (t) => {
    const issuer = await startIssuer(t)
    const { call } = await startApi(t, { issuer: issuer.url })
    const { jwk } = issuer.keys[0] ?? assert.fail()
    const token = await new SignJWT({ iss: issuer.url, exp: startTime + 60 })
      .setProtectedHeader({ alg: 'HS256', kid: 'first', typ: 'at+jwt' })
      .sign(Buffer.from(JSON.stringify(jwk)))

    assert.match((await refused(await call(token))) ?? '', /accepted algorithm/)
  })

  it('is refused with a header extension nobody here understands', async (t) => {
    const issuer = await startIssuer(t)
    const { call } = await startApi(t, { issuer: issuer.url })
    const [, payload, signature] = (await issuer.sign()).split('.')
    const header = base64url({ alg: 'ES256', kid: 'first', typ: 'at+jwt', crit: ['x'], x: 1 })

    assert.equal(
      await refused(await call(`${header}.${payload}.${signature}`)),
      'the token has an unknown extension (crit)',
    )
  })

  for (const token of ['mF_9', '.', '..', 'a.b', 'a.b.c', 'a.b.c.d.e', 'bnVsbA.bnVsbA.'])
    it(`is refused for what it is when it is none: ${token}`, async (t) => {
      const issuer = await startIssuer(t)
      const { call } = await startApi(t, { issuer: issuer.url })

      assert.equal(await refused(await call(token)), 'the token is not a JWT')
      assert.deepEqual(issuer.requests, [], 'the issuer was bothered')
    })

  for (const typ of ['{"toString":1}', '["at+jwt"]', '['.repeat(4000) + ']'.repeat(4000)])
    it(`is refused, and nobody told, with an odd typ: ${typ.slice(0, 20)}`, async (t) => {
      const issuer = await startIssuer(t)
      const { call, reported } = await startApi(t, { issuer: issuer.url })
      const header = Buffer.from(`{"alg":"ES256","typ":${typ}}`).toString('base64url')

      assert.match((await refused(await call(`${header}.e30.AAAA`))) ?? '', /not an access token/)
      assert.deepEqual(reported, [])
    })

  it('is refused when what the issuer has signed is no object', async (t) => {
    const issuer = await startIssuer(t)
    const { call } = await startApi(t, { issuer: issuer.url })
    const { privateKey, jwk } = issuer.keys[0] ?? assert.fail()
    const token = await new CompactSign(Buffer.from('["sub"]'))
      .setProtectedHeader({ alg: 'ES256', kid: jwk.kid, typ: 'at+jwt' })
      .sign(privateKey)

    assert.equal(await refused(await call(token)), 'the token is malformed')
  })

  it('is not held against anyone when the issuer has a key that is too short', async (t) => {
    const issuer = await startIssuer(t)
    const { call, reported } = await startApi(t, { issuer: issuer.url })
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 })
    const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'short', alg: 'RS256' }
    issuer.keys.push({ ...(issuer.keys[0] ?? assert.fail()), jwk })
    const [header, payload] = [{ alg: 'RS256', kid: 'short', typ: 'at+jwt' }, { iss: issuer.url }]
    const input = `${base64url(header)}.${base64url(payload)}`
    const signature = sign('sha256', Buffer.from(input), privateKey).toString('base64url')

    assert.equal((await call(`${input}.${signature}`)).status, 503)
    assert.match(reported[0]?.message ?? '', /RSA key of 1024 bits/)
  })

  it('may go without a kid while only one key fits', async (t) => {
    const issuer = await startIssuer(t)
    const { call, clock } = await startApi(t, { issuer: issuer.url })
    const token = await issuer.sign({}, { kid: undefined })

    assert.equal((await call(token)).status, 200)
    issuer.keys.push(await createSigningKey('second'))
    clock.now += 1200
    assert.match((await refused(await call(token))) ?? '', /does not say which key/)
  })

  for (const alg of ['RS256', 'PS256', 'EdDSA'])
    it(`may be signed with ${alg}`, async (t) => {
      const issuer = await startIssuer(t)
      const { call } = await startApi(t, { issuer: issuer.url })
      const key = await createSigningKey('second', alg)
      issuer.keys.push(key)

      assert.equal((await call(await issuer.sign({}, {}, key))).status, 200)
    })
})
