import { urls } from '@basics/sample-kit'
import type { Page } from '@playwright/test'

import { readAuthorizationRequest } from '../support/authorization-request.ts'
import { readSession } from '../support/session-page.ts'
import { openAs, signIn } from '../support/sign-in.ts'
import { expect, test } from '../support/web-test.ts'

const { mvcBasic } = urls
const secure = `${mvcBasic}/secure`

test.describe('the answer to a sign-in', () => {
  test('counts once', async ({ page }) => {
    const answered = page.waitForRequest(/\/signin-oidc\?/)
    await openAs(page, 'alice', secure)
    const before = await readSession(page)
    const again = await page.goto((await answered).url())

    expect(again?.status()).toBe(400)
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(
      'This sign-in cannot be completed',
    )
    await page.goto(secure)
    expect(await readSession(page)).toEqual(before)
  })

  test('counts in no other browser', async ({ page, browser }) => {
    const answer = await requestAnswer(page)
    const victim = await (await browser.newContext()).newPage()
    const response = await victim.goto(answer.href)

    expect(response?.status()).toBe(400)
    await expect(victim.getByRole('heading', { level: 1 })).toHaveText(
      'This sign-in cannot be completed',
    )
    await victim.goto(secure)
    await expect(victim.getByRole('heading', { level: 1 })).toHaveText('Sign in')
    await victim.context().close()
  })

  for (const [name, value, heading] of [
    ['state', 'x'.repeat(43), 'This sign-in cannot be completed'],
    ['code', 'x'.repeat(43), 'The token service refused'],
    ['iss', 'http://localhost:1', 'The answer cannot be trusted'],
  ] as const)
    test(`counts not with another ${name}`, async ({ page }) => {
      const answer = await requestAnswer(page)
      answer.searchParams.set(name, value)
      await page.goto(answer.href)

      await expect(page.getByRole('heading', { level: 1 })).toHaveText(heading)
      await page.goto(mvcBasic)
      await expect(page.getByRole('link', { name: 'Sign in' })).toBeVisible()
    })
})

test.describe('a session', () => {
  test('is in cookies that scripts and other sites cannot use', async ({ page, context }) => {
    await page.goto(secure)
    const attempts = await context.cookies(mvcBasic)
    await signIn(page, 'alice')
    await page.waitForURL(secure)
    const cookies = await context.cookies()

    expect(attempts.map(({ name }) => name)).toContainEqual(
      expect.stringMatching(/^mvc-basic\.sign-in\.[\w-]{43}$/),
    )
    expect(cookies.map(({ name }) => name).sort()).toEqual([
      expect.stringMatching(/^identity-server\.csrf\.[\w-]{8}$/),
      'idsrv',
      'idsrv.session',
      'mvc-basic',
    ])
    for (const cookie of [...attempts, ...cookies])
      expect(cookie).toMatchObject({
        // What a script reads to notice a logout opens nothing (Session Management §3.2).
        httpOnly: cookie.name !== 'idsrv.session',
        sameSite: 'Lax',
        path: '/',
        secure: false,
      })
    // Those of a session end with the browser.
    for (const cookie of cookies) expect(cookie.expires).toBe(-1)
  })

  test('is another after another sign-in', async ({ page, context }) => {
    await openAs(page, 'alice', secure)
    const before = await context.cookies()
    await page.goto(await readAuthorizationRequest(page, secure, { prompt: 'login' }))
    await signIn(page, 'alice')
    await page.waitForURL(secure)
    await page.reload()
    await expect(page).toHaveURL(secure)

    // Those of before are good for nothing.
    await context.addCookies(before)
    await page.goto(secure)
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sign in')
  })

  test('leaves nothing behind the back button when it has ended', async ({ page }) => {
    await openAs(page, 'alice', secure)
    await page.getByRole('link', { name: 'Sign out' }).click()
    await page.getByRole('link', { name: 'Go there now' }).click()
    await page.waitForURL(`${mvcBasic}/`)
    // The page in between goes on by itself: past it in one step.
    await page.evaluate(() => history.go(-2))

    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sign in')
    expect(await page.content()).not.toContain('Alice')
  })

  test('is not ended because another site says so', async ({ page }) => {
    await openAs(page, 'alice', secure)
    const before = await readSession(page)
    await page.goto(urls.simpleApi)
    await page.evaluate((logout) => location.assign(logout), `${mvcBasic}/logout`)

    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Do you want to sign out?')
    await page.goto(secure)
    expect(await readSession(page)).toEqual(before)
  })

  test('has nothing of that in another browser', async ({ page, browser }) => {
    const other = await (await browser.newContext()).newPage()
    await Promise.all([openAs(page, 'alice', secure), openAs(other, 'bob', secure)])

    const [alice, bob] = await Promise.all([page.reload(), other.reload()])
    expect(await alice?.text()).not.toContain('Bob Smith')
    expect(await bob?.text()).not.toContain('Alice Smith')
    expect((await readSession(other)).claims).toMatchObject({ sub: '2', name: 'Bob Smith' })
    await other.context().close()
  })

  test('has nothing of that of the user before', async ({ page }) => {
    await openAs(page, 'alice', secure)
    const alice = await readSession(page)
    await page.goto(await readAuthorizationRequest(page, secure, { prompt: 'login' }))
    await signIn(page, 'bob')
    await page.waitForURL(secure)
    const bob = await readSession(page)

    expect(bob.claims.name).toBe('Bob Smith')
    expect(bob.claims.sid).not.toBe(alice.claims.sid)
    expect(await page.content()).not.toContain('Alice')
    await page.goto(`${mvcBasic}/call-api`)
    expect(JSON.parse(await page.locator('[data-api-response]').innerText())).toContainEqual({
      type: 'sub',
      value: '2',
    })
  })

  test('outlives a restart of either server', async ({ page, context, ownServers }) => {
    const secure = `${ownServers.mvcBasic}/secure`
    const { start } = ownServers
    const [app, identityServer] = await Promise.all([
      start('mvc-basic'),
      start('identity-server'),
      start('simple-api'),
    ])
    await openAs(page, 'alice', secure)
    const before = await readSession(page)
    await page.getByRole('link', { name: 'Call API' }).click()
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('API response')

    await test.step('mvc-basic', async () => {
      await app.stop()
      await start('mvc-basic')
      await page.goto(secure)
      // Signed out, the user would be back as silently, but in another session.
      expect(await readSession(page)).toEqual(before)
    })

    await test.step('the token service, while it is down', async () => {
      await identityServer.stop()
      await page.getByRole('link', { name: 'Call API' }).click()
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('API response')
      const stranger = await page.request.get(secure, { headers: { Cookie: '' } })
      expect(stranger.status()).toBe(503)
      expect(stranger.headers()['retry-after']).toMatch(/^\d+$/)
    })

    await test.step('the token service, when it is back', async () => {
      await start('identity-server')
      await expect
        .poll(async () => (await page.goto(`${ownServers.mvcBasic}/refresh-token`))?.status())
        .toBe(200)
      await context.clearCookies({ name: 'mvc-basic' })
      await page.goto(secure)
      await expect(page).toHaveURL(secure)
    })
  })
})

/** Signs alice in at the token service, and brings its answer here instead of to mvc-basic. */
async function requestAnswer(page: Page): Promise<URL> {
  await openAs(page, 'alice', secure)
  await page.context().clearCookies({ name: 'mvc-basic' })
  const request = await readAuthorizationRequest(page, secure)
  const response = await page.request.get(request, { maxRedirects: 0 })
  return new URL(response.headers().location ?? '')
}
