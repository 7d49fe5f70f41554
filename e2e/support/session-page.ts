import type { Page } from '@playwright/test'

/** What a web client's session page shows, each part by name. */
export interface ShownSession {
  readonly claims: Readonly<Record<string, string>>
  readonly properties: Readonly<Record<string, string>>
  readonly tokens: Readonly<Record<string, string>>
}

/** Reads the session page, where the browser is. */
export async function readSession(page: Page): Promise<ShownSession> {
  const [claims = {}, properties = {}, tokens = {}] = await Promise.all(
    ['claim', 'property', 'token'].map((part) => readEntries(page, `data-${part}`)),
  )
  return { claims, properties, tokens }
}

/** The texts of the elements that have the attribute, by its value. */
async function readEntries(page: Page, attribute: string): Promise<Record<string, string>> {
  const entries = await page
    .locator(`[${attribute}]`)
    .evaluateAll(
      (elements, name) =>
        elements.map((element) => [element.getAttribute(name), element.textContent]),
      attribute,
    )
  return Object.fromEntries(entries)
}
