import type { Page } from '@playwright/test'

/**
 * What a web client asks the token service for when nobody is signed in. Its cookies for the answer go
 * to the browser, which then can open the address: the answer counts there.
 *
 * @param url A page of the client that needs someone signed in.
 * @param parameters Set in addition, such as `prompt`.
 */
export async function readAuthorizationRequest(
  page: Page,
  url: string,
  parameters: Readonly<Record<string, string>> = {},
): Promise<string> {
  // Without its session, which the browser keeps, the client begins anew.
  const response = await page.request.get(url, { maxRedirects: 0, headers: { Cookie: '' } })
  const request = new URL(response.headers().location ?? '')
  for (const [name, value] of Object.entries(parameters)) request.searchParams.set(name, value)
  return request.href
}
