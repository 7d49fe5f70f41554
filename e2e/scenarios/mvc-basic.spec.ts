import { createHash } from 'node:crypto'

import { issuer, urls } from '@basics/sample-kit'
import type { Page } from '@playwright/test'

import { expectAccessible } from '../support/accessibility.ts'
import { readAuthorizationRequest } from '../support/authorization-request.ts'
import { listenForComplaints } from '../support/complaints.ts'
import { recordTraffic } from '../support/record-traffic.ts'
import { readSession } from '../support/session-page.ts'
import { openAs, signIn } from '../support/sign-in.ts'
import { expect, test } from '../support/web-test.ts'

const { mvcBasic } = urls
const secure = `${mvcBasic}/secure`
const scope = 'openid profile scope1 offline_access'
const pagePolicy = "default-src 'none'; .*frame-ancestors 'none'"

test.describe('signing in', () => {
  test('asks the token service with PKCE, a state and a nonce', async ({ page }) => {
    const asked = page.waitForRequest(/\/connect\/authorize\?/)
    await page.goto(secure)
    const request = (await asked).url()

    expect(request.split('?')[0]).toBe(`${issuer}/connect/authorize`)
    expect(readQuery(request)).toEqual({
      client_id: 'mvc-basic',
      response_type: 'code',
      redirect_uri: `${mvcBasic}/signin-oidc`,
      scope,
      state: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
    })
  })

  test('gets a code, its own state and the issuer back', async ({ page }) => {
    const asked = page.waitForRequest(/\/connect\/authorize\?/)
    const answered = page.waitForRequest(/\/signin-oidc\?/)
    await openAs(page, 'alice', secure)

    expect(readQuery((await answered).url())).toEqual({
      code: expect.stringMatching(/^[\w-]{43}$/),
      state: readQuery((await asked).url()).state,
      session_state: expect.stringMatching(/^[\w-]{43}\.[\w-]{22}$/),
      iss: issuer,
    })
  })

  test('redeems the code by itself, with its secret and the code verifier', async ({
    page,
    ownServers,
  }) => {
    const { start } = ownServers
    const [program] = await Promise.all([start('mvc-basic'), start('identity-server')])
    const asked = page.waitForRequest(/\/connect\/authorize\?/)
    const answered = page.waitForRequest(/\/signin-oidc\?/)
    await openAs(page, 'alice', `${ownServers.mvcBasic}/secure`)
    const { code_challenge } = readQuery((await asked).url())
    const { code } = readQuery((await answered).url())
    const [, token, , userinfo] = program.exchanges

    expect(program.exchanges.map(({ method, url }) => [method, new URL(url).pathname])).toEqual([
      ['GET', '/.well-known/openid-configuration'],
      ['POST', '/connect/token'],
      ['GET', '/.well-known/openid-configuration/jwks'],
      ['GET', '/connect/userinfo'],
    ])
    const { code_verifier = '', ...body } = readForm(token?.body)
    expect(body).toEqual({
      grant_type: 'authorization_code',
      code,
      redirect_uri: `${ownServers.mvcBasic}/signin-oidc`,
    })
    expect(createHash('sha256').update(code_verifier).digest('base64url')).toBe(code_challenge)
    expect(token?.headers.authorization).toBe(`Basic ${btoa('mvc%2Dbasic:secret')}`)

    expect(token?.response.headers['cache-control']).toBe('no-store')
    const { access_token, id_token, refresh_token, ...rest } = JSON.parse(
      token?.response.body ?? '',
    )
    expect(rest).toEqual({ token_type: 'Bearer', expires_in: 3600, scope })
    expect((await readSession(page)).tokens).toEqual({ access_token, id_token, refresh_token })
    expect(userinfo?.headers.authorization).toBe(`Bearer ${access_token}`)
    expect(userinfo?.response.headers['cache-control']).toBe('no-store')
  })

  test('shows who signed in, and until when', async ({ page }) => {
    await openAs(page, 'alice', secure)
    const { claims, properties } = await readSession(page)

    expect(claims).toEqual({
      sub: '1',
      name: 'Alice Smith',
      given_name: 'Alice',
      family_name: 'Smith',
      website: 'http://alice.example.com',
      auth_time: expect.stringMatching(/^\d+$/),
      amr: 'pwd',
      idp: 'local',
      sid: expect.stringMatching(/^[\w-]{22}$/),
    })
    const { issued = '', expires = '', expires_at = '', ...rest } = properties
    expect(rest).toEqual({ token_type: 'bearer', scope })
    expect(Date.parse(expires) - Date.parse(issued)).toBe(8 * 60 * 60 * 1000)
    // Counted from the request for the tokens, a moment before the session began.
    const tokenLifetime = Date.parse(expires_at) - Date.parse(issued)
    expect(tokenLifetime).toBeLessThanOrEqual(60 * 60 * 1000)
    expect(tokenLifetime).toBeGreaterThan(59 * 60 * 1000)
  })

  test('leads to the page first asked for', async ({ page }) => {
    await openAs(page, 'alice', `${mvcBasic}/call-api?from=a%20link`)

    await expect(page.getByRole('heading', { name: 'API response' })).toBeVisible()
  })

  test('needs no script in the browser', async ({ browser }) => {
    const context = await browser.newContext({ javaScriptEnabled: false })
    const page = await context.newPage()
    await openAs(page, 'alice', secure)

    expect((await readSession(page)).claims.name).toBe('Alice Smith')
    await context.close()
  })

  test('says the same of a wrong password and of a user who does not exist', async ({ page }) => {
    await page.goto(secure)
    const said: (string | null)[] = []
    for (const username of ['alice', 'mallory']) {
      await signIn(page, username, 'wrong')
      await expect(page.getByLabel('User name')).toHaveValue(username)
      await expect(page.getByLabel('Password')).toHaveValue('')
      said.push(await page.getByRole('alert').textContent())
    }
    expect(said).toEqual(Array(2).fill('The user name or the password is wrong.'))

    await signIn(page, 'alice')
    await page.waitForURL(secure)
  })

  test('can be cancelled, and started again', async ({ page }) => {
    await page.goto(secure)
    const answered = page.waitForResponse(/\/signin-oidc\?/)
    await page.getByRole('button', { name: 'Cancel' }).click()
    const response = await answered

    expect(readQuery(response.url())).toMatchObject({ error: 'access_denied', iss: issuer })
    expect(response.status()).toBe(403)
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('You are not signed in')
    await expect(page.getByRole('main')).toContainText('access_denied')

    await page.getByRole('link', { name: 'Start again' }).click()
    await signIn(page, 'alice')
    await page.waitForURL(secure)
  })

  test('works in two tabs at once, each for its own page', async ({ page, context }) => {
    const other = await context.newPage()
    await Promise.all([page.goto(secure), other.goto(`${mvcBasic}/call-api`)])
    await Promise.all([signIn(page, 'alice'), signIn(other, 'alice')])

    await expect(page.getByRole('heading', { name: 'Your session' })).toBeVisible()
    await expect(other.getByRole('heading', { name: 'API response' })).toBeVisible()
  })

  test('is silent for whoever is signed in at the token service', async ({ page, context }) => {
    await openAs(page, 'alice', secure)
    await context.clearCookies({ name: 'mvc-basic' })
    await page.goto(secure)

    await expect(page).toHaveURL(secure)
  })
})

test.describe('consent, when it is asked for', () => {
  test('can be given in part', async ({ page }) => {
    await openConsent(page)
    await page.getByLabel('Scope 1').uncheck()
    await page.getByRole('button', { name: 'Allow', exact: true }).click()
    await page.waitForURL(secure)

    expect((await readSession(page)).properties.scope).toBe('openid profile offline_access')
    await page.getByRole('link', { name: 'Call API' }).click()
    const claims = JSON.parse(await page.locator('[data-api-response]').innerText())
    expect(claims).toContainEqual({ type: 'scope', value: 'profile' })
    expect(claims).not.toContainEqual({ type: 'scope', value: 'scope1' })
  })

  test('can leave the application without a refresh token', async ({ page }) => {
    await openConsent(page)
    await page.getByLabel('Access while you are away').uncheck()
    await page.getByRole('button', { name: 'Allow', exact: true }).click()
    await page.waitForURL(secure)

    expect((await readSession(page)).tokens).not.toHaveProperty('refresh_token')
    await page.getByRole('link', { name: 'Refresh token' }).click()
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('There is no refresh token')
  })

  test('can be refused', async ({ page }) => {
    await openConsent(page)
    await page.getByRole('button', { name: 'Do not allow' }).click()

    await expect(page.getByRole('heading', { level: 1 })).toHaveText('You are not signed in')
    await expect(page.getByRole('main')).toContainText('access_denied')
  })
})

test.describe('signed in', () => {
  test('calls the API, which sees the user', async ({ page }) => {
    await openAs(page, 'alice', secure)
    await page.getByRole('link', { name: 'Call API' }).click()
    const claims = JSON.parse(await page.locator('[data-api-response]').innerText())

    for (const [type, value] of [
      ['iss', issuer],
      ['aud', `${issuer}/resources`],
      ['client_id', 'mvc-basic'],
      ['sub', '1'],
      ...scope.split(' ').map((name) => ['scope', name]),
    ])
      expect(claims).toContainEqual({ type, value })
  })

  test('is told when the API does not run', async ({ page, ownServers }) => {
    const { start, mvcBasic } = ownServers
    await Promise.all([start('mvc-basic'), start('identity-server')])
    await openAs(page, 'alice', `${mvcBasic}/call-api`)

    await expect(page.getByRole('heading', { level: 1 })).toHaveText(
      'The API did not answer as it should',
    )
    await expect(page.getByRole('alert')).toContainText('simple-api')
    await expectAccessible(page)
  })

  test('gets a new access token only when the user means it', async ({ page }) => {
    await openAs(page, 'alice', secure)
    const before = await readSession(page)
    const refresh = `${mvcBasic}/refresh-token`
    const foreign = await page.request.get(refresh, { headers: { 'Sec-Fetch-Site': 'cross-site' } })
    await page.request.head(refresh)
    await page.goto(secure)

    expect(foreign.status()).toBe(403)
    expect((await readSession(page)).tokens).toEqual(before.tokens)
  })

  test('gets a new access token by hand when the old one has expired', async ({
    page,
    ownServers,
  }) => {
    const { start } = ownServers
    const servers = await Promise.all([
      start('mvc-basic'),
      start('identity-server'),
      start('simple-api'),
    ])
    await openAs(page, 'alice', `${ownServers.mvcBasic}/secure`)
    const before = await readSession(page)
    for (const server of servers) await server.advanceClock(2 * 60 * 60)
    await page.getByRole('link', { name: 'Call API' }).click()
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(
      'The API refused the access token',
    )
    await expectAccessible(page)
    await page.getByRole('link', { name: 'Refresh token' }).click()
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Your session')

    const { tokens, properties, claims } = await readSession(page)
    const request = servers[0].exchanges.findLast(({ method }) => method === 'POST')
    const response = JSON.parse(request?.response.body ?? '')
    expect(readForm(request?.body)).toEqual({
      grant_type: 'refresh_token',
      refresh_token: before.tokens.refresh_token,
    })
    expect(request?.headers.authorization).toBe(`Basic ${btoa('mvc%2Dbasic:secret')}`)
    expect(request?.response.headers['cache-control']).toBe('no-store')
    expect(response.access_token).not.toBe(before.tokens.access_token)
    expect(tokens).toEqual({ ...before.tokens, access_token: response.access_token })
    expect(claims).toEqual(before.claims)
    const { expires_at = '', ...rest } = properties
    expect({ ...rest, expires_at: before.properties.expires_at }).toEqual(before.properties)
    const later = Date.parse(expires_at) - Date.parse(before.properties.expires_at ?? '')
    expect(later).toBeGreaterThanOrEqual(2 * 60 * 60 * 1000)

    await page.getByRole('link', { name: 'Call API' }).click()
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('API response')
  })
})

test.describe('signing out', () => {
  test('is done here and at the token service, and leads back', async ({
    page,
    context,
    request: anybody,
  }) => {
    await openAs(page, 'alice', secure)
    const { tokens } = await readSession(page)
    const before = await context.cookies()
    const asked = page.waitForRequest(/\/connect\/endsession\?/)
    await page.getByRole('link', { name: 'Sign out' }).click()

    const { state, ...request } = readQuery((await asked).url())
    expect(request).toEqual({
      client_id: 'mvc-basic',
      id_token_hint: tokens.id_token,
      post_logout_redirect_uri: `${mvcBasic}/signout-callback-oidc`,
    })
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('You are signed out')
    const answered = page.waitForRequest(/\/signout-callback-oidc\?/)
    await page.getByRole('link', { name: 'Go there now' }).click()
    await page.waitForURL(`${mvcBasic}/`)
    expect(readQuery((await answered).url())).toEqual({ state })

    await page.getByRole('link', { name: 'Sign in' }).click()
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sign in')
    // Whoever had copied the cookies has nothing of them either.
    await context.addCookies(before)
    await page.goto(secure)
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sign in')
    // Nor has whoever had copied the refresh token.
    const refused = await anybody.post(`${issuer}/connect/token`, {
      headers: { Authorization: `Basic ${btoa('mvc-basic:secret')}` },
      form: { grant_type: 'refresh_token', refresh_token: tokens.refresh_token ?? '' },
    })
    expect(await refused.json()).toMatchObject({ error: 'invalid_grant' })
  })

  test('leads back by itself', async ({ page }) => {
    await openAs(page, 'alice', secure)
    await page.getByRole('link', { name: 'Sign out' }).click()

    await page.waitForURL(`${mvcBasic}/`)
  })
})

test('a whole visit keeps tokens and codes where they belong', async ({ page, context }) => {
  const complaints = listenForComplaints(context)
  const readTraffic = recordTraffic(context)
  const sources: string[] = []
  const follow = async (name: string, heading: string) => {
    // Where a page has it twice, that of the navigation.
    await page.getByRole('link', { name, exact: true }).first().click()
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(heading)
  }

  await page.goto(mvcBasic)
  await follow('Sign in', 'Sign in')
  sources.push(await page.content())
  await signIn(page, 'alice')
  await page.waitForURL(secure)
  const { tokens } = await readSession(page)
  for (const [name, heading] of [
    ['Call API', 'API response'],
    ['Home', 'mvc-basic'],
    ['Sign out', 'You are signed out'],
    ['Go there now', 'mvc-basic'],
  ] as const) {
    await follow(name, heading)
    sources.push(await page.content())
  }

  const { access_token = '', refresh_token = '', id_token = '' } = tokens
  const traffic = await readTraffic()
  const pages = traffic.filter(({ url }) => !new URL(url).pathname.startsWith('/assets/'))
  expect(pages.length).toBeGreaterThan(10)
  for (const exchange of traffic) {
    const sent = JSON.stringify(exchange)
    for (const token of [access_token, refresh_token]) expect(sent).not.toContain(token)
    // Signing out alone may send the ID Token by way of the browser (RP-Initiated Logout §2).
    const isSignOut = exchange.url.startsWith(`${issuer}/connect/endsession?`)
    expect(exchange.url.includes(id_token)).toBe(isSignOut)
    expect(exchange.headers.referer ?? '').toBe('')
  }
  expect(pages.filter(({ url }) => new URL(url).searchParams.has('code'))).toHaveLength(1)
  for (const { url, status, responseHeaders } of pages) {
    expect(responseHeaders['cache-control'], url).toBe('no-store')
    expect(responseHeaders['referrer-policy'], url).toBe('no-referrer')
    // What tells applications of the logout is in a frame of the token service.
    const isFrame = /\/(connect\/endsession\/callback|signout-oidc)\?/.test(url)
    const policy = isFrame ? `default-src 'none'; .*frame-ancestors ('self'|${issuer})` : pagePolicy
    if (status === 200)
      expect(responseHeaders['content-security-policy'], url).toMatch(new RegExp(`^${policy}`))
  }
  for (const source of sources)
    for (const token of Object.values(tokens)) expect(source).not.toContain(token)
  expect(complaints).toEqual([])
})

test.describe('anyone can use', () => {
  for (const [name, open] of Object.entries({
    'the home page': (page) => page.goto(mvcBasic),
    'the home page of a user': async (page) => {
      await openAs(page, 'alice', secure)
      await page.getByRole('link', { name: 'Home' }).click()
    },
    'the session page': async (page) => {
      await openAs(page, 'alice', secure)
      for (const summary of await page.getByText('Decoded').all()) await summary.click()
    },
    'the page of the API': (page) => openAs(page, 'alice', `${mvcBasic}/call-api`),
    'the page of a problem': (page) => page.goto(`${mvcBasic}/signin-oidc`),
  } satisfies Record<string, (page: Page) => Promise<unknown>>))
    test(name, async ({ page, context }) => {
      const complaints = listenForComplaints(context)
      await open(page)
      await expectAccessible(page)
      expect(complaints).toEqual([])
    })
})

async function openConsent(page: Page): Promise<void> {
  await page.goto(await readAuthorizationRequest(page, secure, { prompt: 'consent' }))
  await signIn(page, 'alice')
}

function readQuery(url: string): Record<string, string> {
  return Object.fromEntries(new URL(url).searchParams)
}

function readForm(body = ''): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(body))
}
