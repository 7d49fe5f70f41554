import type { BrowserContext, Response } from '@playwright/test'

/** A request that the browser made and had answered. Names of headers are in lower case. */
export interface BrowserExchange {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly status: number
  readonly responseHeaders: Readonly<Record<string, string>>
}

/**
 * Records all that the pages of a browser send and get, redirects included, from now on.
 *
 * @returns What reads it, in the order of the answers.
 */
export function recordTraffic(context: BrowserContext): () => Promise<BrowserExchange[]> {
  const exchanges: Promise<BrowserExchange>[] = []
  context.on('response', (response) => exchanges.push(readExchange(response)))
  return () => Promise.all(exchanges)
}

async function readExchange(response: Response): Promise<BrowserExchange> {
  const request = response.request()
  return {
    url: request.url(),
    headers: await request.allHeaders(),
    body: request.postData() ?? '',
    status: response.status(),
    responseHeaders: await response.allHeaders(),
  }
}
