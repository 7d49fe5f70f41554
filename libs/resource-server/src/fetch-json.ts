/** The largest response that is read, in bytes: ten times what discovery documents and key sets need. */
const maximumSize = 256 * 1024

/** The issuer answered with something else than 200. */
export class UnexpectedStatus extends Error {
  readonly status: number

  constructor(status: number) {
    super(`it answered with status ${status}`)
    this.status = status
  }
}

/**
 * Fetches a JSON object from the issuer, bounded in time and size, so that an issuer in trouble does not
 * take the API with it. Redirects are not followed: what decides over tokens comes from the configured
 * place or not at all.
 *
 * @throws {UnexpectedStatus} and the errors of `fetch`: none of them the fault of a token.
 */
export async function fetchJson(
  url: string,
  timeoutSeconds: number,
  request: RequestInit = {},
): Promise<Record<string, unknown>> {
  const response = await fetch(url, {
    ...request,
    headers: { Accept: 'application/json', ...request.headers },
    redirect: 'manual',
    signal: AbortSignal.timeout(timeoutSeconds * 1000),
  })
  if (response.status !== 200) {
    await response.body?.cancel()
    throw new UnexpectedStatus(response.status)
  }
  return readObject(await readText(response))
}

async function readText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.length
    if (size > maximumSize) throw new Error(`it sent more than ${maximumSize} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}

function readObject(text: string): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new Error('it did not send JSON')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error('it did not send a JSON object')
  return { ...value }
}
