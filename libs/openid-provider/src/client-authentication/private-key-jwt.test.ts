import assert from 'node:assert/strict'
import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'

import {
  type AssertionChanges,
  clientJwk,
  clientKey,
  signAssertion,
  withAssertion,
} from '../../test-support/client-assertion.ts'
import { machine } from '../../test-support/registrations.ts'
import { selfSignedCertificate } from '../../test-support/self-signed-certificate.ts'
import { startProvider } from '../../test-support/start-provider.ts'
import {
  type Client,
  jsonWebKey,
  jsonWebKeyFile,
  type Secret,
  sha256,
  sharedSecret,
  x509Certificate,
} from '../index.ts'

const now = Date.UTC(2030, 0, 1)
const seconds = now / 1000
const tokenEndpoint = '/connect/token'
const generateEcKey = () => generateKeyPairSync('ec', { namedCurve: 'P-256' })
const jwkOf = (key: KeyObject) => key.export({ format: 'jwk' })

/** A provider that knows the client `jwt` by `secrets`, and the way to send it assertions. */
async function startWithKeys(
  t: TestContext,
  secrets: readonly Secret[] = [jsonWebKey(clientJwk)],
  registration: Partial<Client> = {},
) {
  const clock = { now }
  const clientSecrets = [...secrets]
  const clients = [
    { ...machine, clientId: 'jwt', clientSecrets, ...registration },
    { ...machine, clientId: 'twin', clientSecrets },
  ]
  const provider = await startProvider(t, { clients, now: () => clock.now })
  const send = (assertion: string, parameters: Record<string, string> = {}) =>
    provider.postForm(tokenEndpoint, { ...withAssertion(assertion), ...parameters })
  const authenticate = async (changes: AssertionChanges = {}) =>
    send(await signAssertion(provider.issuer, clock.now, changes))
  return { ...provider, clock, send, authenticate }
}

describe('private_key_jwt', () => {
  it('lets a client in, without a secret and without a client_id', async (t) => {
    const { authenticate, events } = await startWithKeys(t)
    const told: unknown[] = []
    events.on('clientAuthenticated', (event) => told.push(event))

    const response = await authenticate()

    assert.equal(response.status, 200)
    assert.deepEqual(told, [{ client_id: 'jwt', method: 'private_key_jwt' }])
  })

  for (const [variant, changes] of [
    ['without iat', { claims: { iat: undefined } }],
    ['with an iat half a minute ahead', { claims: { iat: seconds + 30 } }],
    ['with an nbf half a minute ahead', { claims: { nbf: seconds + 30 } }],
    ['that expired half a minute ago', { claims: { exp: seconds - 30 } }],
    ['that lives for five minutes', { claims: { exp: seconds + 300 } }],
    ['that names its key', { header: { kid: 'client-key' } }],
    ['of typ JWT', { header: { typ: 'JWT' } }],
    ['of typ client-authentication+jwt', { header: { typ: 'client-authentication+jwt' } }],
    [
      'of typ application/Client-Authentication+JWT',
      { header: { typ: 'application/Client-Authentication+JWT' } },
    ],
  ] as [string, AssertionChanges][])
    it(`takes an assertion ${variant}`, async (t) => {
      const { authenticate } = await startWithKeys(t)

      assert.equal((await authenticate(changes)).status, 200)
    })

  it('tells an unknown client no more, and no less, than a known one with a wrong key', async (t) => {
    const { authenticate } = await startWithKeys(t)
    const { privateKey: key } = generateEcKey()
    const stranger = { iss: 'nobody', sub: 'nobody' }

    for (const header of [{}, { typ: 'at+jwt' }, { kid: 'other' }])
      assert.deepEqual(
        await (await authenticate({ key, header, claims: stranger })).json(),
        await (await authenticate({ key, header })).json(),
      )
  })

  it('takes a client_id parameter that says the same', async (t) => {
    const { issuer, send } = await startWithKeys(t)

    const response = await send(await signAssertion(issuer, now), { client_id: 'jwt' })

    assert.equal(response.status, 200)
  })

  for (const [problem, changes, description] of [
    ['without sub', { claims: { sub: undefined } }, /has no sub/],
    ['whose sub is no text', { claims: { sub: 5, iss: 5 } }, /has no sub/],
    ['without iss', { claims: { iss: undefined } }, /iss and sub of the assertion differ/],
    [
      'whose iss is not its sub',
      { claims: { iss: 'twin' } },
      /iss and sub of the assertion differ/,
    ],
    ['of an unknown client', { claims: { iss: 'nobody', sub: 'nobody' } }, /unknown client, or/],
    [
      'signed with another key',
      { key: generateEcKey().privateKey },
      /not signed with a key that it registered/,
    ],
    [
      'that names another key',
      { header: { kid: 'other' } },
      /not signed with a key that it registered/,
    ],
    [
      'signed with the public key as a secret',
      { header: { alg: 'HS256' }, key: Buffer.from(JSON.stringify(clientJwk)) },
      /alg HS256 is not allowed/,
    ],
    ['without aud', { claims: { aud: undefined } }, /^the assertion is refused: aud is missing$/],
    [
      'for another server',
      { claims: { aud: 'https://other.example' } },
      /aud of the assertion is not the issuer/,
    ],
    ['without exp', { claims: { exp: undefined } }, /^the assertion is refused: exp is missing$/],
    ['whose exp is a text', { claims: { exp: '9999999999' } }, /exp/],
    [
      'that expired a minute ago',
      { claims: { exp: seconds - 60 } },
      /^the assertion is refused: it has expired: exp is in the past$/,
    ],
    ['that lives for an hour', { claims: { exp: seconds + 3600 } }, /exp is more than 300 s ahead/],
    ['that lives for ever', { claims: { exp: Number.MAX_VALUE } }, /exp is more than 300 s ahead/],
    ['issued in the future', { claims: { iat: seconds + 61 } }, /iat is in the future/],
    ['not valid yet', { claims: { nbf: seconds + 61 } }, /nbf/],
    ['without jti', { claims: { jti: undefined } }, /jti/],
    ['whose jti is no text', { claims: { jti: 5 } }, /jti/],
    ['whose jti is empty', { claims: { jti: '' } }, /jti/],
    ['of typ at+jwt', { header: { typ: 'at+jwt' } }, /typ at\+jwt is not allowed here/],
    ['whose typ is no text', { header: { typ: 5 as unknown as string } }, /typ/],
  ] as [string, AssertionChanges, RegExp][])
    it(`refuses an assertion ${problem}`, async (t) => {
      const { authenticate } = await startWithKeys(t)

      await assertRefused(await authenticate(changes), description)
    })

  for (const [audience, aud] of [
    [
      'a list of audiences, though the issuer is one',
      (issuer: string) => [issuer, 'https://other.example'],
    ],
    ['a list of the issuer alone', (issuer: string) => [issuer]],
    ['the token endpoint', (issuer: string) => `${issuer}/connect/token`],
    ['the issuer with a slash', (issuer: string) => `${issuer}/`],
  ] as const)
    it(`refuses an assertion for ${audience}`, async (t) => {
      const { authenticate, issuer } = await startWithKeys(t)

      const response = await authenticate({ claims: { aud: aud(issuer) } })

      await assertRefused(
        response,
        /aud of the assertion is not the issuer, .*, as a single string/,
      )
    })

  it('refuses alg none', async (t) => {
    const { issuer, send } = await startWithKeys(t)
    const [, payload] = (await signAssertion(issuer, now)).split('.')

    await assertRefused(
      await send(`${encode({ alg: 'none' })}.${payload}.`),
      /alg none is not allowed/,
    )
  })

  for (const [problem, mangle] of [
    ['is no JWT', () => 'abc'],
    ['has no dots', () => 'a'.repeat(51_200)],
    ['has a header that is not base64', (_: string, payload: string) => `%%%.${payload}.AAAA`],
    ['has a header that is not JSON', (_: string, payload: string) => `YWJj.${payload}.AAAA`],
    ['has a header without alg', (_: string, payload: string) => `${encode({})}.${payload}.AAAA`],
    ['has a payload that is a list', (header: string) => `${header}.${encode([])}.AAAA`],
    [
      'has a signature that is not base64',
      (header: string, payload: string) => `${header}.${payload}.%%%`,
    ],
    ['has no signature', (header: string, payload: string) => `${header}.${payload}.`],
    ['is encrypted', (header: string, payload: string) => `${header}.${payload}.A.A.A`],
  ] as const)
    it(`refuses an assertion that ${problem}`, async (t) => {
      const { issuer, send } = await startWithKeys(t)
      const [header = '', payload = ''] = (await signAssertion(issuer, now)).split('.')

      await assertRefused(await send(mangle(header, payload)), /./)
    })

  it('refuses an assertion of 51,201 characters, unread', async (t) => {
    const { send } = await startWithKeys(t)

    await assertRefused(await send('a'.repeat(51_201)), /longer than 51200 characters/)
  })

  it('refuses a header whose extension it does not know', async (t) => {
    const { authenticate } = await startWithKeys(t)
    const header = { crit: ['x'], x: 1 }

    await assertRefused(await authenticate({ header }), /./)
  })

  it('refuses another client_assertion_type', async (t) => {
    const { issuer, send } = await startWithKeys(t)
    const client_assertion_type = 'urn:ietf:params:oauth:client-assertion-type:saml2-bearer'

    const response = await send(await signAssertion(issuer, now), { client_assertion_type })

    await assertRefused(response, /client_assertion_type is not urn:/)
  })

  it('refuses a client_assertion_type without an assertion', async (t) => {
    const { send } = await startWithKeys(t)

    await assertRefused(await send(''), /client_assertion is missing/)
  })

  it('refuses a client_id parameter that names another client', async (t) => {
    const { issuer, send } = await startWithKeys(t)

    const response = await send(await signAssertion(issuer, now), { client_id: 'twin' })

    await assertRefused(response, /client_id is not the client that authenticated/)
  })

  it('takes endpoints and lists with strictAssertionAudience: false', async (t) => {
    const registration = { strictAssertionAudience: false }
    const { authenticate, issuer } = await startWithKeys(t, undefined, registration)
    const statusFor = async (aud: unknown) => (await authenticate({ claims: { aud } })).status

    assert.equal(await statusFor(`${issuer}/connect/token`), 200)
    assert.equal(await statusFor([issuer, 'https://other.example']), 200)
    assert.equal(await statusFor(`${issuer}/connect/par`), 200)
    assert.equal(await statusFor(`${issuer}/connect/introspect`), 401)
    assert.equal(await statusFor(undefined), 401)
    const refused = await authenticate({ claims: { aud: ['https://other.example'] } })
    await assertRefused(
      refused,
      /aud of the assertion names none of http.*, http.*\/token, http.*\/par/,
    )
  })
})

describe('private_key_jwt, replay', () => {
  it('refuses an assertion that was used before, for as long as it is valid', async (t) => {
    const { clock, issuer, send } = await startWithKeys(t)
    const assertion = await signAssertion(issuer, now)

    assert.equal((await send(assertion)).status, 200)
    await assertRefused(await send(assertion), /used before/)
    clock.now = (seconds + 60 + 60) * 1000 - 1
    await assertRefused(await send(assertion), /used before/)
    clock.now += 1
    await assertRefused(await send(assertion), /exp/)
  })

  it('is noticed to the end of an exp that is no whole second', async (t) => {
    const { clock, issuer, send } = await startWithKeys(t)
    const claims = { exp: seconds + 60.5 }
    const assertion = await signAssertion(issuer, now, { claims })

    await send(assertion)
    clock.now = (seconds + 120) * 1000 + 900

    await assertRefused(await send(assertion), /used before/)
  })

  it('refuses another assertion with the same jti', async (t) => {
    const { authenticate } = await startWithKeys(t)
    const claims = { jti: 'once' }

    await authenticate({ claims })

    await assertRefused(
      await authenticate({ claims: { ...claims, exp: seconds + 90 } }),
      /used before/,
    )
  })

  it('takes the same jti from another client', async (t) => {
    const { authenticate } = await startWithKeys(t)
    const jti = 'once'

    await authenticate({ claims: { jti } })

    assert.equal((await authenticate({ claims: { jti, iss: 'twin', sub: 'twin' } })).status, 200)
  })

  it('does not use up an assertion that is refused', async (t) => {
    const { authenticate } = await startWithKeys(t)
    const jti = 'once'

    await authenticate({ claims: { jti }, key: generateEcKey().privateKey })
    await authenticate({ claims: { jti, aud: 'https://other.example' } })

    assert.equal((await authenticate({ claims: { jti } })).status, 200)
  })

  it('takes one of two that arrive together', async (t) => {
    const { issuer, send } = await startWithKeys(t)
    const assertion = await signAssertion(issuer, now)

    const responses = await Promise.all([send(assertion), send(assertion), send(assertion)])

    assert.deepEqual(responses.map(({ status }) => status).toSorted(), [200, 401, 401])
  })

  it('works at the other endpoints as well', async (t) => {
    const { authenticate, issuer, postForm } = await startWithKeys(t)
    const assertion = await signAssertion(issuer, now, { claims: { jti: 'once' } })

    const response = await postForm('/connect/revocation', {
      ...withAssertion(assertion),
      token: 'x',
    })

    assert.equal(response.status, 200)
    await assertRefused(await authenticate({ claims: { jti: 'once' } }), /used before/)
  })
})

describe('private_key_jwt, keys', () => {
  const other = generateEcKey()
  const certificate = x509Certificate(selfSignedCertificate(other.privateKey, other.publicKey))

  it('finds the key among several', async (t) => {
    const secrets = [
      sharedSecret(sha256('secret')),
      jsonWebKey(jwkOf(generateEcKey().publicKey)),
      jsonWebKey(clientJwk),
    ]
    const { authenticate } = await startWithKeys(t, secrets)

    assert.equal((await authenticate()).status, 200)
  })

  it('takes a key until it expires', async (t) => {
    const { authenticate, clock } = await startWithKeys(t, [
      jsonWebKey(clientJwk, { expiration: new Date(now + 1) }),
    ])

    assert.equal((await authenticate()).status, 200)
    clock.now += 1
    await assertRefused(await authenticate(), /not signed with a key that it registered/)
  })

  it('takes the key of a certificate', async (t) => {
    const { authenticate } = await startWithKeys(t, [certificate])

    assert.equal((await authenticate({ key: other.privateKey })).status, 200)
    await assertRefused(await authenticate(), /not signed with a key that it registered/)
  })

  for (const [problem, members] of [
    ['for encryption', { use: 'enc' }],
    ['for another algorithm', { alg: 'ES384' }],
    ['of another curve', jwkOf(generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey)],
    ['of another kind', jwkOf(generateKeyPairSync('ed25519').publicKey)],
  ] as const)
    it(`takes no key ${problem}`, async (t) => {
      const { authenticate } = await startWithKeys(t, [jsonWebKey({ ...clientJwk, ...members })])

      await assertRefused(await authenticate(), /not signed with a key that it registered/)
    })

  it('takes no key of a client that has a secret alone', async (t) => {
    const { authenticate } = await startWithKeys(t, [sharedSecret(sha256('secret'))])

    await assertRefused(await authenticate(), /not signed with a key that it registered/)
  })

  it('reads a key from a file that comes, changes and goes', async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'keys-'))
    t.after(() => rmSync(folder, { recursive: true }))
    const file = join(folder, 'client.jwk')
    let writes = 0
    const replaceFile = (text: string) => {
      writeFileSync(`${file}.${++writes}`, text)
      renameSync(`${file}.${writes}`, file)
    }
    const { authenticate } = await startWithKeys(t, [jsonWebKeyFile(file)])
    const statusOf = async (key: KeyObject) => (await authenticate({ key })).status

    assert.equal(await statusOf(clientKey), 401)
    replaceFile(JSON.stringify(clientJwk))
    assert.deepEqual([await statusOf(clientKey), await statusOf(clientKey)], [200, 200])
    replaceFile(JSON.stringify(jwkOf(other.publicKey)))
    assert.deepEqual([await statusOf(clientKey), await statusOf(other.privateKey)], [401, 200])
    replaceFile('{"kty"')
    assert.equal(await statusOf(other.privateKey), 401)
    replaceFile(JSON.stringify(jwkOf(other.privateKey)))
    assert.equal(await statusOf(other.privateKey), 401, 'a private key is not registered')
    rmSync(file)
    assert.equal(await statusOf(other.privateKey), 401)
  })
})

async function assertRefused(response: Response, description: RegExp): Promise<void> {
  const { error, error_description } = (await response.json()) as Record<string, string>
  assert.deepEqual([response.status, error], [401, 'invalid_client'])
  assert.match(error_description ?? '', description)
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
