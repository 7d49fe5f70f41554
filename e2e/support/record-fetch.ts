/**
 * Loaded into a program before its own code (`node --import`): reports each request that its `fetch`
 * made, with the answer, to the process that started it.
 */
export interface Exchange {
  readonly method: string
  readonly url: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly response: {
    readonly status: number
    readonly headers: Readonly<Record<string, string>>
    readonly body: string
  }
}

const { fetch } = globalThis

globalThis.fetch = async (input, init) => {
  const request = new Request(input, init)
  const body = await request.clone().text()
  const response = await fetch(request)
  const exchange: Exchange = {
    method: request.method,
    url: request.url,
    headers: Object.fromEntries(request.headers),
    body,
    response: {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: await response.clone().text(),
    },
  }
  // A program may end right after its last answer: it gets the answer when the report is on its way.
  await new Promise((sent) => process.send?.(exchange, sent) ?? sent(undefined))
  return response
}
