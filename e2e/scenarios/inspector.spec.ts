import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

import { scenarios } from '@basics/sample-kit'
import type { Page } from '@playwright/test'

import { expectAccessible } from '../support/accessibility.ts'
import { listenForComplaints } from '../support/complaints.ts'
import { startInspected } from '../support/inspected.ts'
import { openAs } from '../support/sign-in.ts'
import { expect, test } from '../support/web-test.ts'

/** UPDATE_PICTURES=1 takes the picture in the README anew. */
const isUpdate = process.env.UPDATE_PICTURES === '1'

/** What a recorder sends: an API call of mvc-par. */
const apiCall = {
  side: 'client',
  app: 'mvc-par',
  connection: '',
  method: 'GET',
  url: 'http://localhost:5002/identity',
  startedAt: 1_000_000,
  endedAt: 1_000_010,
  request: { headers: [['authorization', 'Bearer opens-the-api']], body: '' },
  response: { status: 200, headers: [], body: '' },
}

/** The rows of the diagram that say so, from one to the other. */
function rows(page: Page, route: string, text: string | RegExp) {
  return page
    .locator('#messages li')
    .filter({ has: page.getByText(route, { exact: true }) })
    .filter({ hasText: text })
}

async function send(url: string | undefined, recordings: readonly object[]): Promise<void> {
  const response = await fetch(`${url}/record`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(recordings),
  })
  expect(response.status).toBe(200)
}

/** Counts the rows that are drawn or taken away from now on. */
async function observeRows(page: Page): Promise<() => Promise<number>> {
  const observed = await page.locator('#messages').evaluateHandle((messages) => {
    const changes = { rows: 0 }
    new MutationObserver((mutations) => {
      for (const { addedNodes, removedNodes } of mutations)
        changes.rows += addedNodes.length + removedNodes.length
    }).observe(messages, { childList: true })
    return changes
  })
  return () => observed.evaluate(({ rows }) => rows)
}

/** Runs in the browser: the parts of names, between hyphens, that do not stand on one line. */
function findBrokenWords(names: Element[]): string[] {
  return names.flatMap(({ firstChild, textContent }) =>
    [...(textContent ?? '').matchAll(/[^-]+/g)]
      .filter(({ index, 0: word }) => {
        const range = document.createRange()
        if (firstChild === null) return true
        range.setStart(firstChild, index)
        range.setEnd(firstChild, index + word.length)
        return range.getClientRects().length !== 1
      })
      .map(([word]) => word),
  )
}

async function download(page: Page, link: string): Promise<string> {
  const begun = page.waitForEvent('download')
  await page.getByRole('link', { name: link }).click()
  return readFile(await (await begun).path(), 'utf8')
}

/** Of the diagram around a row, as a reader sees it. */
async function takePicture(page: Page): Promise<void> {
  await page.setViewportSize({ width: 1200, height: 720 })
  const path = fileURLToPath(new URL('../../docs/images/inspector-refresh.png', import.meta.url))
  await page.screenshot({ path })
}

test('a signed request is shown decoded, with its signature checked', async ({
  context,
  page,
  startProgram,
  freshEnvironment,
}) => {
  const apps = ['mvc-jar-jwt', 'identity-server', 'simple-api']
  await startInspected(apps, startProgram, freshEnvironment)
  const { INSPECTOR_URL = '', MVC_JAR_JWT_URL = '', IDENTITY_SERVER_URL } = freshEnvironment
  await page.goto(INSPECTOR_URL)
  const client = await context.newPage()
  await openAs(client, 'alice', `${MVC_JAR_JWT_URL}/call-api`)

  // It drew itself meanwhile. Each exchange is there once, though two programs saw it.
  await expect(rows(page, 'mvc-jar-jwt → simple-api', 'GET /identity')).toHaveCount(1)
  const redeemed = rows(page, 'mvc-jar-jwt → identity-server', 'grant_type=authorization_code')
  await expect(redeemed).toHaveCount(1)
  await expect(redeemed).toHaveClass(/back/)
  const asked = rows(page, 'browser → identity-server', 'GET /connect/authorize').first()
  await expect(asked).toHaveClass(/front/)
  await expect(asked.locator('.arrow')).toHaveCSS('border-top-style', 'solid')
  await expect(page.locator('#lifelines li')).toHaveText([
    'browser',
    'mvc-jar-jwt',
    'identity-server',
    'simple-api',
  ])

  const sent = await page.locator('#messages .text').allTextContents()
  const signIn = ['302 to identity-server /connect/authorize', 'GET /connect/authorize']
  const signedIn = ['303 to mvc-jar-jwt /signin-oidc', 'GET /signin-oidc', 'POST /connect/token']
  expect(sent.filter((text) => [...signIn, ...signedIn].includes(text))).toEqual([
    ...signIn,
    ...signedIn,
  ])

  await asked.getByRole('button').click()
  const jwt = page.getByRole('dialog').locator('[data-jwt=request]')
  await expect(jwt).toHaveAttribute('data-signature', 'valid')
  await expect(jwt).toContainText('the key that mvc-jar-jwt has registered')
  await expect(jwt.getByRole('row', { name: /^aud / })).toContainText(`${IDENTITY_SERVER_URL}`)
  await expect(jwt.getByRole('row', { name: /^exp / })).toContainText(/expires in \d+ seconds/)
  await expect(jwt.getByRole('row', { name: /^code_challenge_method/ })).toContainText('S256')
  for (const secret of [/^state/, /^nonce/]) {
    const hidden = jwt.getByRole('row', { name: secret }).getByRole('button')
    await expect(hidden).toHaveAttribute('aria-expanded', 'false')
  }
  await page.getByRole('button', { name: 'Close' }).click()

  const answer = rows(page, 'identity-server → mvc-jar-jwt', 'id_token')
  const sentOn = rows(page, 'identity-server → browser', '303').first()
  for (const dashed of [answer, sentOn])
    await expect(dashed.locator('.arrow')).toHaveCSS('border-top-style', 'dashed')
  await answer.getByRole('button').click()
  const idToken = page.getByRole('dialog').locator('[data-jwt=id_token]')
  await expect(idToken).toHaveAttribute('data-signature', 'valid')
  await expect(idToken).toContainText("the token service's published key")
})

test('a refresh draws itself', async ({ context, page, startProgram, freshEnvironment }) => {
  const apps = ['mvc-token-management', 'identity-server', 'simple-api']
  const programs = await startInspected(apps, startProgram, freshEnvironment)
  const { INSPECTOR_URL = '', MVC_TOKEN_MANAGEMENT_URL = '' } = freshEnvironment
  await page.goto(INSPECTOR_URL)
  await page.getByLabel('Scenario').selectOption('mvc-token-management')
  const client = await context.newPage()
  await openAs(client, 'alice', `${MVC_TOKEN_MANAGEMENT_URL}/call-api`)
  const refresh = rows(page, 'mvc-token-management → identity-server', 'grant_type=refresh_token')
  await expect(rows(page, 'mvc-token-management → simple-api', 'GET')).toHaveCount(1)
  await expect(refresh).toHaveCount(0)

  await page.getByRole('button', { name: 'Clear' }).click()
  for (const program of programs) await program.advanceClock(60)
  await client.reload()

  await expect(refresh).toHaveCount(1)
  await expect(rows(page, 'mvc-token-management → simple-api', 'GET')).toHaveCount(1)

  if (isUpdate) await takePicture(page)
})

test.describe('the inspector alone', () => {
  let url = ''

  test.beforeEach(async ({ page, startProgram, freshEnvironment }) => {
    await startInspected([], startProgram, freshEnvironment)
    url = freshEnvironment.INSPECTOR_URL ?? ''
    await page.goto(url)
    await expect(page.getByRole('status')).toHaveText('live')
  })

  test('can be used by anyone, with and without a message open', async ({ page }) => {
    await send(url, [apiCall, { ...apiCall, app: 'mvc-basic' }])
    await expect(page.locator('#messages li')).toHaveCount(4)
    await expectAccessible(page)

    await page
      .getByRole('button', { name: /GET \/identity/ })
      .first()
      .focus()
    await page.keyboard.press('Enter')
    await expect(page.getByRole('dialog')).toContainText('RFC 9110')
    await expectAccessible(page)
    await page.keyboard.press('Escape')
    await expect(page.getByRole('dialog')).toBeHidden()
  })

  test('shows a secret to who asks for it', async ({ page }) => {
    await send(url, [apiCall])
    await page.getByRole('button', { name: /GET \/identity/ }).click()
    const dialog = page.getByRole('dialog')
    await expect(dialog).toContainText('authorization')
    await expect(dialog).not.toContainText('opens-the-api')

    await dialog.locator('pre').getByRole('button').click()

    await expect(dialog.locator('pre')).toContainText('opens-the-api')
  })

  test('gives the address of a request, to be opened again', async ({ page, context }) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write'])
    const address = 'http://localhost:44303/signin-oidc?code=only-once&state=a'
    await send(url, [{ ...apiCall, url: address }])
    await page.getByRole('button', { name: /GET \/signin-oidc/ }).click()
    const dialog = page.getByRole('dialog')
    const shown = dialog.locator('.address').getByRole('button').first()
    await expect(shown).toHaveText('http://localhost:44303/signin-oidc?…')

    await dialog.getByRole('button', { name: 'Copy address' }).click()

    await expect(dialog.getByRole('button', { name: 'Copied' })).toBeVisible()
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(address)
  })

  test('shows the message that was chosen last, whichever comes first', async ({ page }) => {
    await send(url, [apiCall, { ...apiCall, app: 'mvc-basic', method: 'DELETE' }])
    const late = Promise.withResolvers<void>()
    await page.route('**/exchanges/1', async (route) => {
      await late.promise
      await route.continue()
    })
    await page.getByRole('button', { name: /GET \/identity/ }).click()
    await page.getByRole('button', { name: 'Close' }).click()
    await page.getByRole('button', { name: /DELETE \/identity/ }).click()
    const shown = page.getByRole('dialog').locator('pre')
    await expect(shown).toContainText('DELETE /identity')

    const answered = page.waitForResponse('**/exchanges/1')
    late.resolve()
    await (await answered).finished()
    await page.evaluate(() => new Promise(requestAnimationFrame))

    await expect(shown).toContainText('DELETE /identity')
  })

  test('breaks no word of a name, however many take part', async ({ page }) => {
    await page.setViewportSize({ width: 1280, height: 900 })
    await send(
      url,
      scenarios.map(({ name }) => ({ ...apiCall, app: name })),
    )
    await expect(page.locator('#lifelines li')).toHaveCount(scenarios.length + 1)

    expect(await page.locator('#lifelines span').evaluateAll(findBrokenWords)).toEqual([])
  })

  test('is a list on a small screen, when more take part than fit beside each other', async ({
    page,
  }) => {
    await page.setViewportSize({ width: 390, height: 800 })
    const route = page.locator('.route').first()
    await send(url, [apiCall])
    await expect(page.locator('#lifelines')).toBeVisible()
    await expect(route).toHaveCSS('position', 'absolute')

    await send(
      url,
      scenarios.map(({ name }) => ({ ...apiCall, app: name, startedAt: 2_000_000 })),
    )

    await expect(page.locator('#lifelines')).toBeHidden()
    await expect(route).toHaveCSS('position', 'static')
    await expectAccessible(page)
  })

  test('takes all it is told for text', async ({ page, context }) => {
    const complaints = listenForComplaints(context)
    const html = '<img src=x onerror=alert(1)>'
    const hostile = {
      ...apiCall,
      app: html,
      method: html,
      url: `http://localhost:5002/?${encodeURIComponent(html)}=${encodeURIComponent(html)}`,
      request: { headers: [[html, html]], body: html },
    }
    await send(url, [hostile])

    await page.locator('#messages button').first().click()
    await expect(page.getByRole('dialog').locator('pre')).toContainText(html)
    await expect(page.locator('main img')).toHaveCount(0)
    expect(complaints).toEqual([])
  })

  test('filters, exports and clears', async ({ page }) => {
    await send(url, [apiCall, { ...apiCall, app: 'mvc-basic' }])
    await page.getByLabel('Scenario').selectOption('mvc-basic')
    await expect(page.locator('#messages li')).toHaveCount(2)

    const mermaid = await download(page, 'Export Mermaid')
    const har = await download(page, 'Export HAR')
    expect(mermaid).toContain('participant P0 as mvc-basic')
    expect(mermaid).not.toContain('mvc-par')
    expect(JSON.parse(har).log.entries).toHaveLength(1)

    await page.getByRole('button', { name: 'Clear' }).click()
    await expect(page.getByText('Nothing yet.')).toBeVisible()
    await page.reload()
    await expect(page.getByText('Nothing yet.')).toBeVisible()
  })

  test('draws what is new alone, beside a thousand messages', async ({ page }) => {
    for (let batch = 0; batch < 10; batch++)
      await send(
        url,
        Array.from({ length: 50 }, (_, index) => {
          const startedAt = 1_000_000 + 1000 * batch + 20 * index
          return { ...apiCall, startedAt, endedAt: startedAt + 10 }
        }),
      )
    await expect(page.locator('#messages li')).toHaveCount(1000)

    const changedRows = await observeRows(page)
    await send(url, [{ ...apiCall, method: 'DELETE', startedAt: 9_000_000, endedAt: 9_000_001 }])
    await expect(page.getByRole('button', { name: /DELETE/ })).toBeVisible()
    expect(await changedRows()).toBeLessThanOrEqual(4)
  })

  test('tours the scenarios', async ({ page }) => {
    const stops = page.locator('[data-stop]')
    await expect(stops.first()).toContainText('client-credentials')
    for (const stop of await stops.all()) await expect(stop).toContainText('Watch')
  })
})
