import { createServer } from 'node:http'

import { urls } from '@basics/sample-kit'
import type { Page } from '@playwright/test'

import { expectAccessible } from '../support/accessibility.ts'
import type { Program } from '../support/program.ts'
import { readSession } from '../support/session-page.ts'
import { openAs, signIn } from '../support/sign-in.ts'
import { test as base, expect } from '../support/web-test.ts'

const name = 'mvc-token-management'

/** Seconds after which a token that lives 75 s is due for renewal, and good for another while. */
const due = 40

interface OwnApp {
  readonly url: string
  readonly app: Program
  readonly identityServer: Program
  /** Moves the clocks of all that run. */
  readonly advanceClocks: (seconds: number) => Promise<void>
  /** A second process of the app, on a port of its own: its address. */
  readonly startAnother: () => Promise<{ url: string; app: Program }>
}

const test = base.extend<{ withApi: boolean; own: OwnApp }>({
  withApi: [true, { option: true }],

  own: async ({ freshEnvironment, ownServers, startApp, withApi }, use) => {
    const [app, identityServer, ...others] = (await Promise.all(
      [name, 'identity-server', ...(withApi ? ['simple-api'] : [])].map(ownServers.start),
    )) as [Program, Program, ...Program[]]
    await use({
      url: freshEnvironment.MVC_TOKEN_MANAGEMENT_URL ?? '',
      app,
      identityServer,
      async advanceClocks(seconds) {
        for (const program of [app, identityServer, ...others]) await program.advanceClock(seconds)
      },
      async startAnother() {
        const { port } = new URL(freshEnvironment.INSPECTOR_URL ?? '')
        const another = startApp(name, { ...freshEnvironment, PORT: port })
        await another.printed(/listens on/)
        return { url: `http://localhost:${port}`, app: another }
      },
    })
  },
})

test.describe('an access token', () => {
  test('is used for half its lifetime and then renewed, and the page says so', async ({
    page,
    own,
  }) => {
    await openAs(page, 'alice', `${own.url}/secure`)
    const before = await readSession(page)
    const first = await callApi(page)
    expect(first.steps).toEqual(['reused'])
    expect(first.exp - first.iat).toBe(75)
    expect(await callApi(page)).toEqual(first)

    await own.advanceClocks(due)
    const second = await callApi(page)
    await expect(page.getByRole('main')).toContainText('75 s left')
    expect(second.steps).toEqual(['requested', 'renewed'])
    expect(second.iat - first.iat).toBeGreaterThanOrEqual(due)
    expect(second.exp - second.iat).toBe(75)

    const [refresh, ...others] = readRefreshes(own.app)
    expect(others).toEqual([])
    expect(refresh?.headers.authorization).toBe(`Basic ${btoa('mvc%2Dtoken%2Dmanagement:secret')}`)
    const { refresh_token } = before.tokens
    expect(readForm(refresh?.body)).toEqual({ grant_type: 'refresh_token', refresh_token })
    await page.goto(`${own.url}/secure`)
    const after = await readSession(page)
    expect(after.tokens).toEqual({ ...before.tokens, access_token: expect.any(String) })
    expect(after.tokens.access_token).not.toBe(before.tokens.access_token)
    expect(after.claims).toEqual(before.claims)
  })

  test('is renewed once for 20 calls in two processes, and nobody is signed out', async ({
    page,
    own,
  }) => {
    const another = await own.startAnother()
    await openAs(page, 'alice', `${own.url}/secure`)
    await own.advanceClocks(due)
    await another.app.advanceClock(due)

    const calls = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        page.request.get(`${n % 2 === 0 ? own.url : another.url}/call-api`),
      ),
    )

    expect(calls.map((call) => call.status())).toEqual(Array(20).fill(200))
    for (const call of calls) expect(await call.text()).toContain('API response')
    await page.reload()
    await expect(page.getByRole('heading', { name: 'Your session' })).toBeVisible()
    // What a process reports has all arrived when it is gone.
    const programs = [own.app, another.app]
    await Promise.all(programs.map((program) => program.stop()))
    expect(programs.flatMap(readRefreshes)).toHaveLength(1)
  })

  test('is used on while the token service is down, and missed when it has expired', async ({
    page,
    own,
    ownServers,
  }) => {
    await openAs(page, 'alice', `${own.url}/call-api`)
    await own.identityServer.stop('SIGKILL')
    await own.app.advanceClock(due)
    await page.reload()
    expect((await readCall(page)).steps).toEqual(['requested', 'failed', 'reused'])

    await own.app.advanceClock(due)
    const response = await page.reload()
    expect(response?.status()).toBe(503)
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(
      'The token service cannot be reached',
    )

    await ownServers.start('identity-server')
    await expect(async () => {
      await page.reload()
      expect((await readCall(page)).steps).toContain('renewed')
    }).toPass()
  })
})

test.describe('with an API that refuses the token once', () => {
  test.use({ withApi: false })

  test('the call is repeated with another', async ({ page, own, ownServers }) => {
    const sent: (string | undefined)[] = []
    const api = createServer(({ headers }, response) => {
      const isFirst = sent.push(headers.authorization) === 1
      response.writeHead(isFirst ? 401 : 200).end('[]')
    }).listen(Number(new URL(ownServers.simpleApi).port), '127.0.0.1')

    await openAs(page, 'alice', `${own.url}/call-api`)

    expect((await readCall(page)).steps).toEqual(['reused', 'requested', 'renewed', 'retried'])
    expect(new Set(sent).size).toBe(2)
    expect(readRefreshes(own.app)).toHaveLength(1)
    api.close()
    api.closeAllConnections()
  })
})

test.describe('a refresh token', () => {
  test('is revoked at sign-out', async ({ page, own, ownServers }) => {
    await openAs(page, 'alice', `${own.url}/secure`)
    const { refresh_token = '' } = (await readSession(page)).tokens
    await page.getByRole('link', { name: 'Sign out' }).click()
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('You are signed out')

    const revocation = own.app.exchanges.find(({ url }) => url.endsWith('/connect/revocation'))
    expect(revocation?.response.status).toBe(200)
    expect(readForm(revocation?.body)).toEqual({
      token: refresh_token,
      token_type_hint: 'refresh_token',
    })
    const response = await fetch(`${ownServers.identityServer}/connect/token`, {
      method: 'POST',
      headers: { Authorization: `Basic ${btoa(`${name}:secret`)}` },
      body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token }),
    })
    expect(await response.json()).toMatchObject({ error: 'invalid_grant' })
  })

  test('that the token service no longer accepts ends the session, and the next page signs in', async ({
    page,
    own,
    ownServers,
  }) => {
    await openAs(page, 'alice', `${own.url}/secure`)
    const { refresh_token = '' } = (await readSession(page)).tokens
    await fetch(`${ownServers.identityServer}/connect/revocation`, {
      method: 'POST',
      headers: { Authorization: `Basic ${btoa(`${name}:secret`)}` },
      body: new URLSearchParams({ token: refresh_token }),
    })
    await own.advanceClocks(due)
    const response = await page.goto(`${own.url}/call-api`)

    expect(response?.status()).toBe(403)
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Your session has ended')
    await page.getByRole('link', { name: 'Sign in again' }).click()
    await expect(page.getByRole('heading', { name: 'API response' })).toBeVisible()
    await expect(page).toHaveURL(`${own.url}/call-api`)
  })
})

test('signs in beside the other clients, as somebody else in each', async ({ page, context }) => {
  const clients = [
    { url: urls.mvcTokenManagement, username: 'alice' },
    { url: urls.mvcJarJwt, username: 'bob' },
    { url: urls.mvcPar, username: 'alice' },
  ]
  for (const { url, username } of clients) {
    // The token service alone forgets who it was.
    await context.clearCookies({ name: 'idsrv' })
    await page.goto(`${url}/secure`)
    await signIn(page, username)
    await page.waitForURL(`${url}/secure`)
  }

  for (const { url, username } of clients) {
    await page.goto(`${url}/secure`)
    const { claims } = await readSession(page)
    expect(claims.given_name?.toLowerCase()).toBe(username)
    await page.goto(`${url}/call-api`)
    await expect(page.locator('[data-api-response]')).toContainText(`"value": "${claims.sub}"`)
  }
})

test('has a page that anyone can use', async ({ page }) => {
  await openAs(page, 'alice', `${urls.mvcTokenManagement}/call-api`)

  await expectAccessible(page)
})

/** Presses Call API, and waits for the page that it leads to. */
async function callApi(page: Page) {
  const loaded = page.waitForEvent('load')
  await page.getByRole('link', { name: 'Call API' }).click()
  await loaded
  return readCall(page)
}

/** What the page says about the call: what token management did, and the lifetime of the token. */
async function readCall(page: Page) {
  await expect(page.getByRole('heading', { name: 'API response' })).toBeVisible()
  const read = async (part: string) =>
    Number((await page.locator(`[data-lifetime=${part}]`).allTextContents())[0])
  return {
    steps: await page.locator('[data-step]').allTextContents(),
    iat: await read('iat'),
    exp: await read('exp'),
  }
}

function readRefreshes({ exchanges }: Program) {
  return exchanges.filter(({ body }) => readForm(body).grant_type === 'refresh_token')
}

function readForm(body = ''): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(body))
}
