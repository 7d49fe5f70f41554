import type { Page } from '@playwright/test'

/**
 * Fills in the sign-in page of the token service, where the browser already is, and sends it.
 *
 * @param password Unless told that of the test users, which is their name.
 */
export async function signIn(page: Page, username: string, password = username): Promise<void> {
  await page.getByLabel('User name').fill(username)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

/** Opens a page of a web client, which needs someone signed in, and signs them in for it. */
export async function openAs(page: Page, username: string, url: string): Promise<void> {
  await page.goto(url)
  await signIn(page, username)
  await page.waitForURL(url)
}
