import { AsyncLocalStorage } from 'node:async_hooks'

import { boundedFetch } from './bounded-fetch.ts'

/** Told of the refresh token in an answer. The answer is not looked at any further until it is done. */
type Receive = (refresh_token: string) => Promise<unknown>

const receivers = new AsyncLocalStorage<Receive>()

/**
 * Makes a token request, and hands over the refresh token it brings before anything of the answer is checked.
 * Of an answer that fails a check openid-client gives the error alone, and the check may fail for want of the
 * provider's keys: but by then the refresh token is issued, and one that was sent for it is spent.
 *
 * @param request Calls openid-client with a provider that has {@link fetchAndHandOver}. It fails when
 *   `receive` does, with an error of openid-client's own.
 */
export function handOver<Result>(
  receive: Receive,
  request: () => Promise<Result>,
): Promise<Result> {
  return receivers.run(receive, request)
}

/** {@link boundedFetch} for a provider that many requests share: each finds its receiver by the context it runs in. */
export const fetchAndHandOver: typeof boundedFetch = async (url, request) => {
  const response = await boundedFetch(url, request)
  const receive = isTokenRequest(request) && response.ok ? receivers.getStore() : undefined
  const refresh_token = receive && (await readRefreshToken(response.clone()))
  if (refresh_token !== undefined) await receive?.(refresh_token)
  return response
}

/** And not what is asked for on the way, such as the provider's keys. */
function isTokenRequest({ body }: NonNullable<Parameters<typeof boundedFetch>[1]> = {}): boolean {
  return body instanceof URLSearchParams && body.has('grant_type')
}

/** Of what is not even JSON, openid-client says so. */
async function readRefreshToken(response: Response): Promise<string | undefined> {
  const answer: unknown = await response.json().catch(() => undefined)
  if (typeof answer !== 'object' || answer === null || !('refresh_token' in answer))
    return undefined
  const { refresh_token } = answer
  return typeof refresh_token === 'string' && refresh_token !== '' ? refresh_token : undefined
}
