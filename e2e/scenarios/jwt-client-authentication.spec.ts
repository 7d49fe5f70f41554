import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { issuer, urls } from '@basics/sample-kit'
import { calculateJwkThumbprint, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose'

import type { Exchange } from '../support/record-fetch.ts'
import { expect, test } from '../support/test.ts'

const name = 'jwt-client-authentication'

/** Its data folder is that of the servers, so that what it hands over arrives. */
function readKeyFile(path: string): Promise<string> {
  return readFile(join(process.env.DATA_DIR ?? '', path), 'utf8')
}

function readParameters(exchange: Exchange | undefined): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(exchange?.body))
}

test('gets a token with its assertion and calls the API with it', async ({ runApp }) => {
  const { exitCode, stderr, exchanges } = await runApp(name)

  expect(stderr).toBe('')
  expect(exitCode).toBe(0)
  expect(exchanges.map(({ method, url, response }) => [method, url, response.status])).toEqual([
    ['GET', `${issuer}/.well-known/openid-configuration`, 200],
    ['POST', `${issuer}/connect/token`, 200],
    ['GET', `${urls.simpleApi}/identity`, 200],
  ])
  const { access_token } = JSON.parse(exchanges[1]?.response.body ?? '')
  expect(decodeJwt(access_token)).toMatchObject({ client_id: name, scope: 'scope1' })
})

test('sends no secret: the assertion is all that vouches for it', async ({ runApp }) => {
  const { exchanges } = await runApp(name)
  const [, token] = exchanges

  expect(token?.headers).not.toHaveProperty('authorization')
  expect(readParameters(token)).toEqual({
    grant_type: 'client_credentials',
    scope: 'scope1',
    client_id: name,
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
  })
})

test('signs for this issuer alone, for minutes, with the key it handed over', async ({
  runApp,
}) => {
  const { exchanges } = await runApp(name)
  const { client_assertion = '' } = readParameters(exchanges[1])
  const jwk = JSON.parse(await readKeyFile(`client-keys/${name}.jwk`))

  const { protectedHeader, payload } = await jwtVerify(client_assertion, jwk)
  const { iat = 0, exp = 0, jti, ...claims } = payload

  expect(protectedHeader).toEqual({
    alg: 'ES256',
    kid: await calculateJwkThumbprint(jwk),
    typ: 'client-authentication+jwt',
  })
  expect(claims).toEqual({ iss: name, sub: name, aud: issuer, nbf: iat })
  expect(exp - iat).toBeGreaterThan(0)
  expect(exp - iat).toBeLessThanOrEqual(5 * 60)
  expect(jti).toMatch(/^.{16,}$/)
})

test('prints the assertion that it sends, decoded', async ({ runApp }) => {
  const { stdout, exchanges } = await runApp(name)
  const { client_assertion = '' } = readParameters(exchanges[1])

  const decoded = {
    header: decodeProtectedHeader(client_assertion),
    payload: decodeJwt(client_assertion),
  }
  expect(stdout).toContain(JSON.stringify(decoded, null, 2))
  for (const heading of ['Client assertion (decoded):', 'Token response:', 'Service claims:'])
    expect(stdout).toContain(heading)
})

test('an assertion is good for one use', async ({ runApp }) => {
  const { exchanges } = await runApp(name)

  const response = await fetch(`${issuer}/connect/token`, {
    method: 'POST',
    body: new URLSearchParams(exchanges[1]?.body),
  })

  expect(response.status).toBe(401)
  expect(await response.json()).toEqual({
    error: 'invalid_client',
    error_description: 'the assertion was used before; sign a new one, with a new jti',
  })
})

test('keeps its key, and signs anew in every run', async ({ runApp }) => {
  const runs = [await runApp(name), await runApp(name)]
  const assertions = runs.map(
    ({ exchanges }) => readParameters(exchanges[1]).client_assertion ?? '',
  )

  const keys = assertions.map((assertion) => decodeProtectedHeader(assertion).kid)
  const uses = assertions.map((assertion) => decodeJwt(assertion).jti)
  expect(new Set(keys).size).toBe(1)
  expect(new Set(uses).size).toBe(2)
})

test('hands over its public key and keeps the private one', async ({ runApp }) => {
  const { stdout, exchanges } = await runApp(name)
  const { d, ...publicKey } = JSON.parse(await readKeyFile(`${name}/private-key.jwk`))
  const handedOver = await readKeyFile(`client-keys/${name}.jwk`)

  expect(d).toMatch(/^[\w-]{43}$/)
  expect(JSON.parse(handedOver)).toMatchObject(publicKey)
  for (const shown of [handedOver, stdout, JSON.stringify(exchanges)])
    expect(shown).not.toContain(d)
})

test('says in one sentence that the token service does not know its key', async ({
  runApp,
  freshEnvironment,
}) => {
  // Another data folder: the key made there is handed over to nobody.
  const { exitCode, stderr } = await runApp(name, { DATA_DIR: freshEnvironment.DATA_DIR })

  expect(exitCode).toBe(1)
  expect(stderr).toMatch(/^[^\n]* answered 401, invalid_client: [^\n]*\n$/)
})
