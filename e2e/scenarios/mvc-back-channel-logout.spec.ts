import { createHash } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { BrowserContext, Page } from '@playwright/test'
import { decodeJwt, decodeProtectedHeader } from 'jose'

import { expectAccessible } from '../support/accessibility.ts'
import { startClientOfTest } from '../support/client-of-test.ts'
import { listenForComplaints } from '../support/complaints.ts'
import type { Program } from '../support/program.ts'
import type { Exchange } from '../support/record-fetch.ts'
import { recordTraffic } from '../support/record-traffic.ts'
import { readSession } from '../support/session-page.ts'
import { openAs } from '../support/sign-in.ts'
import { test as base, expect } from '../support/web-test.ts'

const name = 'mvc-back-channel-logout'
const event = 'http://schemas.openid.net/event/backchannel-logout'

interface OwnApp {
  readonly url: string
  readonly identityServerUrl: string
  readonly app: Program
  readonly identityServer: Program
  /** The requests in which the token service has posted a logout token, with the answers. */
  readonly notifications: () => Exchange[]
  /** Starts the app again, or a second process of it on a port of its own. */
  readonly start: (port?: string) => Promise<Program>
  readonly otherPort: string
}

const test = base.extend<{ own: OwnApp }>({
  own: async ({ freshEnvironment, ownServers, startApp }, use) => {
    const start = async (PORT?: string) => {
      const app = startApp(name, { ...freshEnvironment, ...(PORT !== undefined && { PORT }) })
      await app.printed(/listens on/)
      return app
    }
    const [app, identityServer] = await Promise.all([start(), ownServers.start('identity-server')])
    await use({
      url: freshEnvironment.MVC_BACK_CHANNEL_LOGOUT_URL ?? '',
      identityServerUrl: ownServers.identityServer,
      app,
      identityServer,
      notifications: () =>
        identityServer.exchanges.filter(({ url }) => url.endsWith('/backchannel-logout')),
      start,
      otherPort: new URL(freshEnvironment.INSPECTOR_URL ?? '').port,
    })
  },
})

test.describe('single sign-out', () => {
  test('reaches three applications, one of them without the browser', async ({
    page,
    context,
    browser,
    own,
    ownServers,
    freshEnvironment,
  }) => {
    const { url, app } = own
    const told = [ownServers.mvcBasic, freshEnvironment.MVC_TOKEN_MANAGEMENT_URL ?? '']
    await Promise.all(['mvc-basic', 'mvc-token-management'].map(ownServers.start))
    const bob = await (await browser.newContext()).newPage()
    await openAs(bob, 'bob', `${url}/secure`)
    const before = await readSession(bob)
    await openAs(page, 'alice', `${url}/secure`)
    for (const other of told) await openSecure(page, other)
    const { claims } = await readSession(page)
    const cookie = await readCookie(context, url)
    const readTraffic = recordTraffic(context)
    const complaints = listenForComplaints(context)

    await test.step('told on both ways', async () => {
      await signOutAtTokenService(page, own)
      await expect.poll(async () => readFrames(await readTraffic())).toHaveLength(told.length)
      await expect.poll(own.notifications).toHaveLength(1)

      const [notification] = own.notifications()
      const { header, payload } = readLogoutToken(notification)
      expect(notification?.url).toBe(`${url}/backchannel-logout`)
      expect(notification?.response.status).toBe(200)
      expect(notification?.response.headers['cache-control']).toBe('no-store')
      expect(header.typ).toBe('logout+jwt')
      const { iss, aud, sub, sid, events, nonce } = payload
      expect({ iss, aud, sub, sid, events, nonce }).toEqual({
        iss: own.identityServerUrl,
        aud: name,
        sub: claims.sub,
        sid: claims.sid,
        events: { [event]: {} },
        nonce: undefined,
      })
      for (const other of told)
        expect(readFrames(await readTraffic())).toContainEqual({
          url: `${other}/signout-oidc`,
          query: { iss, sid },
          status: 200,
          policy: `default-src 'none'; frame-ancestors ${own.identityServerUrl}`,
        })
      expect(complaints).toEqual([])
    })

    await test.step('and signed out, though its cookie was not touched', async () => {
      expect(await readCookie(context, url)).toEqual(cookie)
      for (const other of [url, ...told]) await expectSignedOut(page, other)
    })

    await test.step('with the refresh token revoked', async () => {
      await expect
        .poll(() => app.exchanges.find(({ url }) => url.endsWith('/connect/revocation')))
        .toMatchObject({ response: { status: 200 } })
    })

    await test.step('and nobody else', async () => {
      await bob.reload()
      expect(await readSession(bob)).toEqual(before)
      await bob.context().close()
    })
  })

  test('begins at an application as well', async ({ page, own, ownServers }) => {
    await ownServers.start('mvc-basic')
    await openAs(page, 'alice', `${own.url}/secure`)
    await openSecure(page, ownServers.mvcBasic)

    await page.goto(`${ownServers.mvcBasic}/logout`)

    await expect.poll(own.notifications).toHaveLength(1)
    await expectSignedOut(page, own.url)
  })

  test('as bob leaves the sessions of alice alone', async ({ page, browser, own }) => {
    const bob = await (await browser.newContext()).newPage()
    await Promise.all([
      openAs(page, 'alice', `${own.url}/secure`),
      openAs(bob, 'bob', `${own.url}/secure`),
    ])
    const before = await readSession(page)

    await signOutAtTokenService(bob, own)

    await expect.poll(own.notifications).toHaveLength(1)
    await expectSignedOut(bob, own.url)
    await page.reload()
    expect(await readSession(page)).toEqual(before)
    await bob.context().close()
  })

  test('reaches a client that was down, when it is back', async ({ page, own }) => {
    await openAs(page, 'alice', `${own.url}/secure`)
    await own.app.stop()
    await signOutAtTokenService(page, own)

    await own.start()

    await expect
      .poll(() => own.notifications().map(({ response }) => response.status))
      .toEqual([200])
    await expectSignedOut(page, own.url)
  })

  test('reaches the session at whichever process', async ({ page, context, own }) => {
    const other = `http://localhost:${own.otherPort}`
    await own.start(own.otherPort)
    await openAs(page, 'alice', `${own.url}/secure`)
    await openSecure(page, other)
    const cookie = await readCookie(context, other)

    await signOutAtTokenService(page, own)

    // One of the two was told.
    await expect.poll(own.notifications).toHaveLength(1)
    expect(new URL(own.notifications()[0]?.url ?? '').origin).toBe(own.url)
    expect(await readCookie(context, other)).toEqual(cookie)
    await expectSignedOut(page, other)
  })
})

test('the logout tokens that arrived are shown to who they are about', async ({
  page,
  browser,
  own,
}) => {
  const tokens = `${own.url}/logout-tokens`
  const bob = await (await browser.newContext()).newPage()
  await openAs(bob, 'bob', tokens)
  await openAs(page, 'alice', tokens)
  await expect(page.getByText('None has arrived')).toBeVisible()
  await expectAccessible(page)
  await signOutAtTokenService(page, own)
  await expect.poll(own.notifications).toHaveLength(1)

  await openAs(page, 'alice', tokens)

  const [notification] = own.notifications()
  const shown = JSON.parse(await page.locator('[data-logout-token]').innerText())
  expect(shown).toEqual(readLogoutToken(notification).payload)
  await expect(page.locator('[data-arrived]')).toHaveAttribute('datetime', /^\d{4}-.*Z$/)
  await expectAccessible(page)
  await bob.reload()
  await expect(bob.getByText('None has arrived')).toBeVisible()
  await bob.context().close()
})

test('what is no logout token, or was one before, ends nothing', async ({ page, request, own }) => {
  await openAs(page, 'alice', `${own.url}/secure`)
  await signOutAtTokenService(page, own)
  await expect.poll(own.notifications).toHaveLength(1)
  const used = readNotification(own.notifications()[0])
  await openAs(page, 'alice', `${own.url}/secure`)
  const before = await readSession(page)
  const [header = '', payload = '', signature = ''] = used.split('.')
  const { sub = '', sid = '' } = before.claims
  const aboutAlice = encode({ ...decodeJwt(used), jti: 'other', sub, sid })

  for (const [logout_token, error_description] of [
    [used, 'the logout token was used before (jti)'],
    [`${header}.${aboutAlice}.${signature}`, 'the signature of the token is wrong'],
    [
      `${encode({ alg: 'none', typ: 'logout+jwt' })}.${aboutAlice}.`,
      'the token is not signed with an accepted algorithm',
    ],
    [before.tokens.id_token ?? '', 'the token is not a logout token (its typ is not logout+jwt)'],
    [`${header}.${payload}`, 'the token is malformed'],
  ] as const) {
    const response = await request.post(`${own.url}/backchannel-logout`, { form: { logout_token } })
    expect(await response.json()).toEqual({ error: 'invalid_request', error_description })
    expect(response.status()).toBe(400)
    expect(response.headers()['cache-control']).toBe('no-store')
  }

  await page.reload()
  expect(await readSession(page)).toEqual(before)
})

test('a logout token for another client ends nothing', async ({
  page,
  request,
  own,
  ownServers,
  freshEnvironment,
}) => {
  // Nothing else listens there.
  const url = ownServers.mvcBasic
  const neighbour = await startClientOfTest(url)
  const file = join(freshEnvironment.DATA_DIR, 'identity-server', 'identity-server.json')
  await writeFile(file, JSON.stringify({ IdentityServer: { Clients: [register(url)] } }))
  await own.identityServer.printed(/of this file are served/)
  await openAs(page, 'alice', `${own.url}/secure`)
  await page.goto(`${own.identityServerUrl}/connect/authorize?${authorizationRequest(url)}`)
  await page.waitForURL(/\/signin-oidc\?code=/)
  await signOutAtTokenService(page, own)
  await expect.poll(own.notifications).toHaveLength(2)
  await neighbour.stop()
  await openAs(page, 'alice', `${own.url}/secure`)
  const before = await readSession(page)

  const tokens = own.notifications().map(readNotification)
  const logout_token = tokens.find((token) => decodeJwt(token).aud === 'neighbour') ?? ''
  expect(decodeJwt(logout_token).sub).toBe(before.claims.sub)
  const response = await request.post(`${own.url}/backchannel-logout`, { form: { logout_token } })

  expect(response.status()).toBe(400)
  expect(await response.json()).toEqual({
    error: 'invalid_request',
    error_description: 'the token is not for this client (aud)',
  })
  await page.reload()
  expect(await readSession(page)).toEqual(before)
})

function register(url: string) {
  return {
    ClientId: 'neighbour',
    ClientSecrets: [{ Value: createHash('sha256').update('secret').digest('base64') }],
    AllowedGrantTypes: ['authorization_code'],
    RedirectUris: [`${url}/signin-oidc`],
    BackChannelLogoutUri: `${url}/backchannel-logout`,
    AllowedScopes: ['openid'],
  }
}

function authorizationRequest(url: string): URLSearchParams {
  return new URLSearchParams({
    client_id: 'neighbour',
    response_type: 'code',
    redirect_uri: `${url}/signin-oidc`,
    scope: 'openid',
    code_challenge: createHash('sha256').update('v'.repeat(43)).digest('base64url'),
    code_challenge_method: 'S256',
  })
}

/** Where someone is signed in at the token service already. */
async function openSecure(page: Page, app: string): Promise<void> {
  await page.goto(`${app}/secure`)
  await expect(page).toHaveURL(`${app}/secure`)
}

async function signOutAtTokenService(page: Page, { identityServerUrl }: OwnApp): Promise<void> {
  await page.goto(`${identityServerUrl}/account/logout`)
  await page.getByRole('button', { name: 'Sign out' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('You are signed out')
}

async function expectSignedOut(page: Page, app: string): Promise<void> {
  await page.goto(`${app}/secure`)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sign in')
}

async function readCookie(context: BrowserContext, url: string): Promise<string | undefined> {
  return (await context.cookies(url)).find((cookie) => cookie.name === name)?.value
}

/** What the token service's page has loaded in frames to tell applications. */
function readFrames(traffic: Awaited<ReturnType<ReturnType<typeof recordTraffic>>>) {
  return traffic
    .map(({ url, status, responseHeaders }) => ({ url: new URL(url), status, responseHeaders }))
    .filter(({ url }) => url.pathname === '/signout-oidc')
    .map(({ url, status, responseHeaders }) => ({
      url: url.origin + url.pathname,
      query: Object.fromEntries(url.searchParams),
      status,
      policy: responseHeaders['content-security-policy'],
    }))
}

function readNotification(notification: Exchange | undefined): string {
  return new URLSearchParams(notification?.body).get('logout_token') ?? ''
}

function readLogoutToken(notification: Exchange | undefined) {
  const logout_token = readNotification(notification)
  return { header: decodeProtectedHeader(logout_token), payload: decodeJwt(logout_token) }
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
