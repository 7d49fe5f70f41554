import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { issuer, urls } from '@basics/sample-kit'
import type { Page } from '@playwright/test'
import { calculateJwkThumbprint, decodeJwt, jwtVerify } from 'jose'

import type { Exchange } from '../support/record-fetch.ts'
import { openAs, signIn } from '../support/sign-in.ts'
import { expect, test } from '../support/web-test.ts'

const name = 'mvc-jar-jwt'
const { mvcJarJwt } = urls
const secure = `${mvcJarJwt}/secure`
const scope = 'openid profile scope1 offline_access'

/** The address that the browser is sent to, with what belongs to it left in the browser. */
async function readRequest(page: Page): Promise<URL> {
  const response = await page.request.get(secure, { maxRedirects: 0 })
  return new URL(response.headers().location ?? '')
}

function readForm({ body }: Pick<Exchange, 'body'>): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(body))
}

test.describe('the authorization request', () => {
  test('carries client_id and request, and all else is inside, signed', async ({ page }) => {
    const url = await readRequest(page)
    expect(url.origin + url.pathname).toBe(`${issuer}/connect/authorize`)
    expect([...url.searchParams.keys()].sort()).toEqual(['client_id', 'request'])
    expect(url.searchParams.get('client_id')).toBe(name)

    const file = join(process.env.DATA_DIR ?? '', `client-keys/${name}.jwk`)
    const jwk = JSON.parse(await readFile(file, 'utf8'))
    const request = url.searchParams.get('request') ?? ''
    const { protectedHeader, payload } = await jwtVerify(request, jwk)
    expect(protectedHeader).toEqual({
      alg: 'ES256',
      typ: 'oauth-authz-req+jwt',
      kid: await calculateJwkThumbprint(jwk),
    })
    const { iat = 0 } = payload
    expect(payload).toEqual({
      iss: name,
      aud: issuer,
      iat,
      nbf: iat,
      exp: iat + 60,
      jti: expect.stringMatching(/^[\w-]{43}$/),
      client_id: name,
      response_type: 'code',
      redirect_uri: `${mvcJarJwt}/signin-oidc`,
      scope,
      state: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
    })
  })

  test('signs in, and the state comes back from inside it', async ({ page }) => {
    const asked = page.waitForRequest(/\/connect\/authorize\?/)
    const answered = page.waitForRequest(/\/signin-oidc\?/)
    await openAs(page, 'alice', `${mvcJarJwt}/call-api?from=a%20link`)

    const request = new URL((await asked).url()).searchParams.get('request') ?? ''
    const answer = new URL((await answered).url()).searchParams
    expect(answer.get('state')).toBe(decodeJwt(request).state)
    await expect(page.locator('[data-api-response]')).toContainText(name)
  })

  test('is refused without a signature', async ({ page }) => {
    const redirect_uri = `${mvcJarJwt}/signin-oidc`
    const plain = { client_id: name, response_type: 'code', redirect_uri, scope, state: 'state' }
    const response = await page.request.get(
      `${issuer}/connect/authorize?${new URLSearchParams(plain)}`,
      { maxRedirects: 0 },
    )

    const answer = new URL(response.headers().location ?? '')
    expect(answer.origin + answer.pathname).toBe(redirect_uri)
    expect(Object.fromEntries(answer.searchParams)).toMatchObject({
      error: 'invalid_request',
      error_description: 'the client has to sign its requests',
    })
  })

  test('is not changed by what stands beside it', async ({ page }) => {
    const url = await readRequest(page)
    url.searchParams.set('redirect_uri', `${urls.mvcBasic}/signin-oidc`)
    url.searchParams.set('scope', 'openid scope2')
    url.searchParams.set('state', 'another')
    await page.goto(url.href)
    await signIn(page, 'alice')
    await page.waitForURL(secure)

    await expect(page.locator('[data-property=scope]')).toHaveText(scope)
  })

  for (const [what, spoil] of [
    ['with another scope in it', changeScope],
    ['that is not signed', removeSignature],
    ['of another client', (url: URL) => url.searchParams.set('client_id', 'mvc-basic')],
  ] as const)
    test(`${what} leads to no client`, async ({ page }) => {
      const url = await readRequest(page)
      spoil(url)
      await page.goto(url.href)

      expect(new URL(page.url()).origin).toBe(issuer)
      await expect(page.getByRole('main')).toContainText(/invalid_request|unauthorized_client/)
      await expect(page.getByLabel('Password')).toHaveCount(0)
    })
})

test('proves with its key who it is, for a code, a refresh and a revocation: there is no secret', async ({
  page,
  ownServers,
  freshEnvironment,
}) => {
  const apps = [name, 'identity-server', 'simple-api']
  const programs = await Promise.all(apps.map(ownServers.start))
  const url = freshEnvironment.MVC_JAR_JWT_URL
  await openAs(page, 'alice', `${url}/secure`)
  for (const program of programs) await program.advanceClock(3600 - 50)
  await page.getByRole('link', { name: 'Call API' }).click()
  await expect(page.locator('[data-step=renewed]')).toBeVisible()
  await page.getByRole('link', { name: 'Sign out' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('You are signed out')

  const { exchanges = [] } = programs[0] ?? {}
  const authenticated = exchanges.filter(({ body }) => body.includes('client_assertion='))
  expect(
    authenticated.map(({ url, body }) => [new URL(url).pathname, readForm({ body }).grant_type]),
  ).toEqual([
    ['/connect/token', 'authorization_code'],
    ['/connect/token', 'refresh_token'],
    ['/connect/revocation', undefined],
  ])
  const assertions = authenticated.map((exchange) => readForm(exchange).client_assertion ?? '')
  expect(new Set(assertions.map((assertion) => decodeJwt(assertion).jti)).size).toBe(3)
  for (const assertion of assertions)
    expect(decodeJwt(assertion)).toMatchObject({
      iss: name,
      sub: name,
      aud: ownServers.identityServer,
    })
  for (const { response } of authenticated) expect(response.status).toBe(200)

  for (const { headers, body } of exchanges) {
    expect(headers.authorization ?? '').not.toContain('Basic')
    expect(body).not.toContain('client_secret')
  }
  const registration = new URL(`../../apps/identity-server/src/clients/${name}.ts`, import.meta.url)
  const program = new URL(`../../apps/${name}/src/main.ts`, import.meta.url)
  for (const file of [registration, program])
    expect(await readFile(file, 'utf8')).not.toMatch(/sharedSecret|sha256|ClientSecret[BP]/)
})

/** As someone on the way would: with the old signature. */
function changeScope({ searchParams }: URL): void {
  const [header = '', payload = '', signature = ''] = (searchParams.get('request') ?? '').split('.')
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString())
  const changed = encode({ ...claims, scope: 'openid scope2' })
  searchParams.set('request', [header, changed, signature].join('.'))
}

function removeSignature({ searchParams }: URL): void {
  const [, payload = ''] = (searchParams.get('request') ?? '').split('.')
  searchParams.set('request', `${encode({ alg: 'none' })}.${payload}.`)
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
