import { issuer, urls } from '@basics/sample-kit'
import type { Page } from '@playwright/test'

import { openAs, signIn } from '../support/sign-in.ts'
import { expect, test } from '../support/web-test.ts'

const name = 'mvc-par'
const { mvcPar } = urls
const secure = `${mvcPar}/secure`
const scope = 'openid profile scope1 offline_access'

/** The address that the browser is sent to, with what belongs to it left in the browser. */
async function readRequest(page: Page): Promise<URL> {
  const response = await page.request.get(secure, { maxRedirects: 0 })
  return new URL(response.headers().location ?? '')
}

test.describe('the authorization request', () => {
  test('carries client_id and request_uri, and nothing else', async ({ page }) => {
    const url = await readRequest(page)

    expect(url.origin + url.pathname).toBe(`${issuer}/connect/authorize`)
    expect([...url.searchParams.keys()].sort()).toEqual(['client_id', 'request_uri'])
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: name,
      request_uri: expect.stringMatching(/^urn:ietf:params:oauth:request_uri:[\w-]{43,}$/),
    })
  })

  test('has gone ahead, with the secret', async ({ page, ownServers, freshEnvironment }) => {
    const programs = await Promise.all([name, 'identity-server'].map(ownServers.start))
    const url = freshEnvironment.MVC_PAR_URL
    const asked = page.waitForRequest(/\/connect\/authorize\?/)
    const answered = page.waitForRequest(/\/signin-oidc\?/)
    await openAs(page, 'alice', `${url}/secure`)

    const pushed = programs[0]?.exchanges.find((exchange) => exchange.url.endsWith('/connect/par'))
    expect(pushed?.headers.authorization).toBe(`Basic ${btoa('mvc%2Dpar:secret')}`)
    const parameters = Object.fromEntries(new URLSearchParams(pushed?.body))
    expect(parameters).toEqual({
      client_id: name,
      response_type: 'code',
      redirect_uri: `${url}/signin-oidc`,
      scope,
      state: new URL((await answered).url()).searchParams.get('state'),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
    })
    expect(pushed?.response.status).toBe(201)
    const { request_uri, expires_in } = JSON.parse(pushed?.response.body ?? '')
    expect(expires_in).toBeGreaterThan(0)
    expect(new URL((await asked).url()).searchParams.get('request_uri')).toBe(request_uri)
  })

  test('signs in and calls the API', async ({ page }) => {
    await openAs(page, 'bob', `${mvcPar}/call-api?from=a%20link`)

    await expect(page.locator('[data-api-response]')).toContainText(name)
  })

  test('outlives a wrong password, and not the sign-in', async ({ page }) => {
    const asked = page.waitForRequest(/\/connect\/authorize\?/)
    await page.goto(secure)
    await signIn(page, 'alice', 'wrong')
    await expect(page.getByRole('alert')).toBeVisible()
    await signIn(page, 'alice')
    await page.waitForURL(secure)

    await page.goto((await asked).url())
    expect(new URL(page.url()).origin).toBe(issuer)
    await expect(page.getByRole('main')).toContainText('invalid_request_uri')
  })

  test('of another client leads to no client', async ({ page }) => {
    const url = await readRequest(page)
    url.searchParams.set('client_id', 'mvc-basic')
    await page.goto(url.href)

    expect(new URL(page.url()).origin).toBe(issuer)
    await expect(page.getByRole('main')).toContainText('invalid_request_uri')
  })

  test('is refused when it comes by the browser', async ({ page }) => {
    const redirect_uri = `${mvcPar}/signin-oidc`
    const plain = { client_id: name, response_type: 'code', redirect_uri, scope, state: 'state' }
    const response = await page.request.get(
      `${issuer}/connect/authorize?${new URLSearchParams(plain)}`,
      { maxRedirects: 0 },
    )

    const answer = new URL(response.headers().location ?? '')
    expect(answer.origin + answer.pathname).toBe(redirect_uri)
    expect(Object.fromEntries(answer.searchParams)).toMatchObject({
      error: 'invalid_request',
      error_description: 'the client has to push its requests',
    })
  })

  test('is refused ahead of any page when the secret is wrong', async ({
    page,
    ownServers,
    freshEnvironment,
    startApp,
  }) => {
    await ownServers.start('identity-server')
    const app = startApp(name, { ...freshEnvironment, CLIENT_SECRET: 'wrong' })
    await app.printed(/listens on/)
    const response = await page.goto(`${freshEnvironment.MVC_PAR_URL}/secure`)

    expect(response?.status()).toBe(502)
    await expect(page.getByRole('main')).toContainText('invalid_client')
  })
})
