import { issuer, urls } from '@basics/sample-kit'
import type { Page } from '@playwright/test'

import { expectAccessible } from '../support/accessibility.ts'
import { readAuthorizationRequest } from '../support/authorization-request.ts'
import { listenForComplaints } from '../support/complaints.ts'
import { readSession } from '../support/session-page.ts'
import { openAs, signIn } from '../support/sign-in.ts'
import { expect, test } from '../support/web-test.ts'

const secure = `${urls.mvcBasic}/secure`
const grants = `${issuer}/grants`

/** Each page in each state, and the way there; those that only servers of a test's own get to come below. */
const pages: Readonly<Record<string, { heading: string; open: (page: Page) => Promise<unknown> }>> =
  {
    'the home page': { heading: 'Token service', open: (page) => page.goto(issuer) },
    'the home page of a user': { heading: 'Token service', open: (page) => openHomeOf(page) },
    'the sign-in page': { heading: 'Sign in', open: (page) => page.goto(secure) },
    'the sign-in page after a wrong password': {
      heading: 'Sign in',
      async open(page) {
        await page.goto(secure)
        await signIn(page, 'bob', 'wrong')
        await expect(page.getByRole('alert')).toBeVisible()
      },
    },
    'the consent page': { heading: 'MVC Basic asks for access', open: (page) => openConsent(page) },
    'the consent page with nothing ticked': {
      heading: 'MVC Basic asks for access',
      async open(page) {
        // Who openid is asked for with cannot be without it.
        await openConsent(page, 'scope1')
        await page.getByLabel('Scope 1').uncheck()
        await page.getByRole('button', { name: 'Allow', exact: true }).click()
        await expect(page.getByRole('alert')).toBeVisible()
      },
    },
    'the sign-out page': { heading: 'Sign out?', open: openSignOut },
    'the sign-out page after a form that was too old': {
      heading: 'Sign out?',
      async open(page) {
        await openSignOut(page)
        await page.context().clearCookies({ name: /csrf/ })
        await page.getByRole('button', { name: 'Sign out' }).click()
        await expect(page.getByRole('alert')).toBeVisible()
      },
    },
    'the signed-out page': {
      heading: 'You are signed out',
      open: (page) => page.goto(`${issuer}/account/logged-out`),
    },
    'the signed-out page with a way back': {
      heading: 'You are signed out',
      async open(page) {
        await openAs(page, 'alice', secure)
        await page.goto(`${urls.mvcBasic}/logout`)
        // Or it goes on after 2 s.
        await page.evaluate(() => stop())
      },
    },
    'the error page': {
      heading: 'This did not work',
      open: (page) => page.goto(`${issuer}/connect/authorize?client_id=nobody`),
    },
    'the error page without an error': {
      heading: 'This did not work',
      open: (page) => page.goto(`${issuer}/error?errorId=unknown`),
    },
    'the grants page': {
      heading: 'Grants',
      async open(page) {
        await openAs(page, 'alice', secure)
        await page.goto(grants)
      },
    },
    'the diagnostics page': {
      heading: 'Diagnostics',
      open: (page) => openAs(page, 'alice', `${issuer}/diagnostics`),
    },
  }

for (const [name, { heading, open }] of Object.entries(pages))
  test(`anyone can use ${name}`, async ({ page, context }) => {
    const complaints = listenForComplaints(context)
    await open(page)

    await expect(page.getByRole('heading', { level: 1 })).toHaveText(heading)
    await expectAccessible(page)
    expect(complaints).toEqual([])
  })

test.describe('the sign-in page', () => {
  test('needs no mouse', async ({ page, context }) => {
    await page.goto(secure)
    await expect(page.getByLabel('User name')).toBeFocused()
    await page.keyboard.type('alice')
    await page.keyboard.press('Tab')
    await page.keyboard.type('alice')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Space')
    await expect(page.getByLabel('Keep me signed in')).toBeChecked()
    await page.keyboard.press('Tab')
    const button = page.getByRole('button', { name: 'Sign in' })
    await expect(button).toBeFocused()
    await expect(button).toHaveCSS('outline-style', 'solid')
    await page.keyboard.press('Enter')

    await page.waitForURL(secure)
    const [session] = (await context.cookies()).filter(({ name }) => name === 'idsrv')
    const days = ((session?.expires ?? 0) - Date.now() / 1000) / (24 * 60 * 60)
    expect(Math.round(days)).toBe(30)
  })

  test('can be cancelled with nothing filled in', async ({ page }) => {
    await page.goto(secure)
    await expect(page.getByLabel('User name')).toBeFocused()
    for (let step = 0; step < 4; step++) await page.keyboard.press('Tab')
    await expect(page.getByRole('button', { name: 'Cancel' })).toBeFocused()
    await page.keyboard.press('Enter')

    await expect(page.getByRole('heading', { level: 1 })).toHaveText('You are not signed in')
  })

  test('knows the user whom the client names', async ({ page }) => {
    await page.goto(await readAuthorizationRequest(page, secure, { login_hint: 'bob' }))

    await expect(page.getByLabel('User name')).toHaveValue('bob')
    await expect(page.getByLabel('Password')).toBeFocused()
  })

  test('keeps the name when its cookie is gone, and works the second time', async ({
    page,
    context,
  }) => {
    await page.goto(secure)
    await context.clearCookies({ name: /csrf/ })
    const answered = page.waitForResponse(`${issuer}/account/login`)
    await signIn(page, 'alice')

    expect((await answered).status()).toBe(403)
    await expect(page.getByRole('alert')).toContainText('Nothing was done')
    await expect(page.getByLabel('User name')).toHaveValue('alice')
    await page.getByLabel('Password').fill('alice')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.waitForURL(secure)
  })

  test('lets nobody guess a sixth time, and bob in', async ({ page, ownServers }) => {
    await ownServers.start('identity-server')
    const login = `${ownServers.identityServer}/account/login`
    await page.goto(`${login}?returnUrl=/grants`)
    const attempts: number[] = []
    for (let attempt = 1; attempt <= 6; attempt++) {
      const answered = page.waitForResponse(login)
      await signIn(page, 'alice', attempt < 6 ? 'wrong' : 'alice')
      attempts.push((await answered).status())
    }

    expect(attempts).toEqual([400, 400, 400, 400, 400, 429])
    await expect(page.getByRole('alert')).toContainText('Please try again in 15 minutes')
    await expectAccessible(page)
    await signIn(page, 'bob')
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Grants')
  })
})

test.describe('the sign-out page', () => {
  test('asks before a client without a session signs anyone out', async ({ page, context }) => {
    await openAs(page, 'alice', secure)
    await context.clearCookies({ name: 'mvc-basic' })
    await page.goto(`${urls.mvcBasic}/logout`)

    await expect(page.getByRole('main')).toContainText('MVC Basic asks to sign you out')
    await page.getByRole('link', { name: 'Stay signed in' }).click()
    await expect(page.getByRole('main')).toContainText('You are signed in as Alice Smith')
    await page.goBack()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('You are signed out')
    await page.getByRole('link', { name: 'Go there now' }).click()
    await page.waitForURL(`${urls.mvcBasic}/`)
  })

  test('takes no form of another site', async ({ page }) => {
    await openAs(page, 'alice', grants)
    // Another port is the same site to a browser: SameSite cookies come along.
    await page.goto(urls.simpleApi)
    await page.evaluate((action) => {
      document.body.innerHTML = `<form method="post" action="${action}"><input name="button" value="yes"></form>`
      document.forms[0]?.submit()
    }, `${issuer}/account/logout`)

    await expect(page.getByRole('alert')).toContainText('Nothing was done')
    await page.goto(grants)
    await expect(page).toHaveURL(grants)
  })
})

test('the grants page takes back what an application was given', async ({ page, ownServers }) => {
  const { start, identityServer, mvcBasic } = ownServers
  await Promise.all([start('identity-server'), start('mvc-basic')])
  const secure = `${mvcBasic}/secure`
  await page.goto(await readAuthorizationRequest(page, secure, { prompt: 'consent' }))
  await signIn(page, 'alice')
  await page.getByLabel('Name of this device').fill('Kitchen tablet')
  await page.getByRole('button', { name: 'Allow', exact: true }).click()
  await page.waitForURL(secure)
  await page.goto(`${mvcBasic}/refresh-token`)
  await page.waitForURL(secure)
  const before = await readSession(page)

  await page.goto(`${identityServer}/grants`)
  const card = page.locator('[data-client="mvc-basic"]')
  for (const text of ['Scope 1', 'Access while you are away', 'Kitchen tablet'])
    await expect(card).toContainText(text)
  await card.getByRole('button').click()
  await expect(page.getByText('You have not given any application access')).toBeVisible()
  await expectAccessible(page)

  // Nothing is to be had with the old tokens: the application signs in again, here without a question.
  const asked = page.waitForRequest(/\/connect\/authorize\?/)
  await page.goto(`${mvcBasic}/refresh-token`)
  await asked
  await page.waitForURL(secure)
  expect((await readSession(page)).tokens.refresh_token).not.toBe(before.tokens.refresh_token)
  await page.goto(`${mvcBasic}/refresh-token`)
  await page.waitForURL(secure)

  const missing = await page.goto(`${mvcBasic}/nope`)
  expect(missing?.status()).toBe(404)
  await expect(page.getByRole('link', { name: 'Sign out' })).toBeVisible()
})

test('the grants page signs out other browsers, and all of them', async ({
  page,
  browser,
  ownServers,
}) => {
  await ownServers.start('identity-server')
  const grants = `${ownServers.identityServer}/grants`
  const contexts = [await browser.newContext(), await browser.newContext()]
  const [other, third] = await Promise.all(contexts.map((context) => context.newPage()))
  if (other === undefined || third === undefined) throw new Error('no pages')
  await openAs(third, 'alice', grants)
  await openAs(other, 'alice', grants)
  await openAs(page, 'alice', grants)

  const sessions = page.getByRole('region', { name: 'Where you are signed in' })
  await expect(sessions.getByRole('heading', { level: 3 })).toHaveCount(3)
  await expect(sessions.getByRole('listitem').first()).toContainText('This browser')
  await expectAccessible(page)
  // After this browser, the one that signed in last.
  await sessions
    .getByRole('button', { name: /^Sign out Chrome/ })
    .first()
    .click()
  await expect(page.getByRole('status')).toHaveText('The other browser is signed out.')
  await expectAccessible(page)
  await expect(sessions.getByRole('heading', { level: 3 })).toHaveCount(2)
  await other.reload()
  await expect(other.getByRole('heading', { level: 1 })).toHaveText('Sign in')
  await third.reload()
  await expect(third).toHaveURL(grants)

  await sessions.getByRole('button', { name: 'Sign out everywhere' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('You are signed out')
  await third.reload()
  await expect(third.getByRole('heading', { level: 1 })).toHaveText('Sign in')
  await Promise.all(contexts.map((context) => context.close()))
})

test.describe('the error page', () => {
  test('says what is wrong, and gives a reference', async ({ page }) => {
    const response = await page.goto(
      `${issuer}/connect/authorize?client_id=mvc-basic&redirect_uri=https://evil.example/`,
    )

    expect(response?.status()).toBe(400)
    expect(page.url()).toMatch(`${issuer}/error?errorId=`)
    const facts = page.getByRole('definition')
    await expect(facts).toContainText([
      'https://evil.example/',
      `${urls.mvcBasic}/signin-oidc`,
      'invalid_request',
      /^[\da-f-]{36}$/,
      'mvc-basic',
    ])
    await expect(page.getByRole('link', { name: 'evil' })).toHaveCount(0)
    await expectAccessible(page)
  })

  test('has nothing to say of an error that is no longer kept', async ({ page }) => {
    const response = await page.goto(`${issuer}/error?errorId=unknown`)

    expect(response?.status()).toBe(404)
    await expect(page.getByRole('main')).toContainText('no longer kept')
  })
})

test('the diagnostics page is for browsers on this machine alone', async ({ page }) => {
  const diagnostics = `${issuer}/diagnostics`
  await openAs(page, 'alice', diagnostics)
  await expect(page.getByRole('definition').first()).toHaveText('1')

  await page.setExtraHTTPHeaders({ 'X-Forwarded-For': '192.0.2.1' })
  expect((await page.goto(diagnostics))?.status()).toBe(404)
  await page.goto(issuer)
  await expect(page.getByRole('link', { name: 'Grants' })).toBeVisible()
  await expect(page.getByRole('link', { name: 'Diagnostics' })).toHaveCount(0)
})

test.describe('no page at all', () => {
  test('comes between a client that asks silently and its answer', async ({ page, context }) => {
    await openAs(page, 'alice', secure)
    await context.clearCookies({ name: 'mvc-basic' })
    await page.goto(await readAuthorizationRequest(page, secure, { prompt: 'none' }))

    await expect(page).toHaveURL(secure)
  })

  test('comes between a client that asks silently and its refusal', async ({ page }) => {
    const answered = page.waitForRequest(/\/signin-oidc\?/)
    await page.goto(await readAuthorizationRequest(page, secure, { prompt: 'none' }))

    const answer = new URL((await answered).url()).searchParams
    expect(Object.fromEntries(answer)).toMatchObject({ error: 'login_required', iss: issuer })
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('You are not signed in')
    await expect(page.getByRole('main')).toContainText('login_required')
  })
})

async function openHomeOf(page: Page): Promise<void> {
  await page.goto(`${issuer}/account/login`)
  await signIn(page, 'alice')
  await expect(page.getByRole('main')).toContainText('You are signed in as')
}

async function openConsent(page: Page, scope = 'openid profile scope1'): Promise<void> {
  await page.goto(await readAuthorizationRequest(page, secure, { prompt: 'consent', scope }))
  await signIn(page, 'alice')
  await page.waitForURL(/\/consent\?/)
}

async function openSignOut(page: Page): Promise<void> {
  await openAs(page, 'alice', grants)
  await page.goto(`${issuer}/account/logout`)
}
