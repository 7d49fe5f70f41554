import { scenarios, urls } from '@basics/sample-kit'
import type { Locator, Page } from '@playwright/test'

import { expect, test } from '../support/test.ts'

function findCard(page: Page, name: string): Locator {
  const heading = page.getByRole('heading', { name, exact: true })
  return page.getByRole('listitem').filter({ has: heading })
}

test('the home page lists every scenario: what it shows and whether it runs', async ({ page }) => {
  await page.goto(urls.identityServer)

  for (const { name, sentence, url } of scenarios) {
    const card = findCard(page, name)
    await expect(card).toContainText(sentence)
    await expect(
      card.getByText(url === undefined ? 'servers running' : 'running', { exact: true }),
    ).toBeVisible()
    if (url !== undefined)
      await expect(card.getByRole('link', { name, exact: true })).toHaveAttribute('href', `${url}/`)
  }
})

test('the home page says which server of a scenario does not run', async ({
  page,
  startApp,
  freshEnvironment,
}) => {
  await startApp('identity-server', freshEnvironment).printed(/listens on/)
  await page.goto(freshEnvironment.IDENTITY_SERVER_URL ?? '')

  await expect(findCard(page, 'client-credentials')).toContainText('not running: simple-api')
})

test('the home page lists the test users', async ({ page }) => {
  await page.goto(urls.identityServer)

  const users = page.getByRole('table')
  for (const name of ['alice', 'bob'])
    await expect(users.getByRole('row').filter({ hasText: name }).getByText(name)).toHaveCount(2)
})

test('the home page leads to the discovery document and the keys', async ({ page }) => {
  for (const [name, member] of [
    ['Discovery document', 'token_endpoint'],
    ['JSON Web Key Set', 'keys'],
  ] as const) {
    await page.goto(urls.identityServer)
    const answered = page.waitForResponse((response) => response.request().isNavigationRequest())
    await page.getByRole('link', { name }).click()
    expect(await (await answered).json()).toHaveProperty(member)
  }
})
