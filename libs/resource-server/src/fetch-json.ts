import { boundedFetch } from '@basics/protocol'

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
  const response = await boundedFetch(url, {
    ...request,
    headers: { Accept: 'application/json', ...request.headers },
    redirect: 'manual',
    signal: AbortSignal.timeout(timeoutSeconds * 1000),
  })
  if (response.status !== 200) {
    await response.body?.cancel()
    throw new UnexpectedStatus(response.status)
  }
  return readObject(await response.text())
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
