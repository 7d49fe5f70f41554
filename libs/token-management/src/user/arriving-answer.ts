import { AsyncLocalStorage } from 'node:async_hooks'

import { boundedFetch } from '@basics/protocol'
import { type Configuration, type CustomFetch, customFetch } from 'openid-client'

/** Told of the refresh token in an answer. The answer is not looked at any further until it is done. */
type Receive = (refresh_token: string) => Promise<unknown>

const receivers = new AsyncLocalStorage<Receive>()
const watched = new WeakSet<Configuration>()

/**
 * Makes a refresh, and hands over the refresh token it brings before anything of the answer is checked. Of
 * an answer that fails a check openid-client gives the error alone, and the check may fail for want of the
 * provider's keys: but the refresh token that was sent is spent by then.
 *
 * @param refresh Calls openid-client. It fails when `receive` does, with an error of openid-client's own.
 */
export function handOver<Result>(
  provider: Configuration,
  receive: Receive,
  refresh: () => Promise<Result>,
): Promise<Result> {
  watch(provider)
  return receivers.run(receive, refresh)
}

/** A provider is shared by all refreshes, so each finds its receiver by the context it runs in. */
function watch(provider: Configuration): void {
  if (watched.has(provider)) return
  watched.add(provider)
  const send: CustomFetch = provider[customFetch] ?? boundedFetch
  provider[customFetch] = async (url, options) => {
    const response = await send(url, options)
    const receive = isRefresh(options) && response.ok ? receivers.getStore() : undefined
    const refresh_token = receive && (await readRefreshToken(response.clone()))
    if (refresh_token !== undefined) await receive?.(refresh_token)
    return response
  }
}

/** And not what is asked for on the way, such as the provider's keys. */
function isRefresh({ body }: Parameters<CustomFetch>[1]): boolean {
  return body instanceof URLSearchParams && body.get('grant_type') === 'refresh_token'
}

/** Of what is not even JSON, openid-client says so. */
async function readRefreshToken(response: Response): Promise<string | undefined> {
  const answer: unknown = await response.json().catch(() => undefined)
  if (typeof answer !== 'object' || answer === null || !('refresh_token' in answer))
    return undefined
  return typeof answer.refresh_token === 'string' ? answer.refresh_token : undefined
}
