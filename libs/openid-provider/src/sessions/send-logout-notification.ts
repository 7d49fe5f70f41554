import type { Provider } from '../configuration.ts'
import type { RegisteredClient } from '../model/client.ts'
import { signLogoutToken } from '../tokens/logout-token.ts'
import { ClientPace } from './client-pace.ts'
import type { LogoutNotification } from './logout-notification.ts'
import { type LogoutAnswer, postLogoutToken } from './post-logout-token.ts'

/** What this needs of the provider. */
export type Notifying = Pick<
  Provider,
  'store' | 'clients' | 'keys' | 'options' | 'events' | 'logger' | 'now'
>

/**
 * How long after each refusal a client is asked again, in milliseconds; after one more it is believed.
 * Time enough to read our keys again, for which clients have a pause, to restart, and to mend a database.
 */
const refusalDelays = [5_000, 35_000, 120_000, 600_000]

/**
 * Makes one attempt to send a notification, with a new token, and either removes it from the store or
 * says there when to try again.
 *
 * @param timeout of an attempt, in milliseconds
 * @param stopping ends what is under way; the next process is to send it then
 */
export function notificationSender(
  provider: Notifying,
  timeout: number,
  stopping: AbortSignal,
): (notification: LogoutNotification) => Promise<void> {
  const { store, clients, events, logger, now } = provider
  const pace = new ClientPace(now, timeout)

  async function attempt(notification: LogoutNotification): Promise<void> {
    const { type, key, client_id } = notification
    const client = await clients.findClientById(client_id)
    if (client?.backChannelLogoutUri === undefined) return store.remove(type, key)
    const end = pace.begin(client_id)
    if (typeof end === 'number') return putOff(notification, end)
    const answer = await tell(client, client.backChannelLogoutUri, notification)
    const next = end(answer.outcome !== 'unreachable')
    if (answer.outcome === 'delivered') await conclude(notification)
    else if (stopping.aborted) await store.replace({ ...notification, due: now() })
    else await fail(notification, answer, next)
  }

  async function tell(
    client: RegisteredClient,
    uri: string,
    { subject: sub, session_id: sid, data }: LogoutNotification,
  ): Promise<LogoutAnswer> {
    const signal = AbortSignal.any([stopping, AbortSignal.timeout(timeout)])
    const { issuer } = data
    return postLogoutToken(
      uri,
      await signLogoutToken(client, { sub, sid }, { ...provider, issuer }),
      signal,
    )
  }

  async function conclude({ type, key, client_id, session_id: sid }: LogoutNotification) {
    await store.remove(type, key)
    logger.info({ client_id, sid }, 'a client was told of a logout')
    events.raise('logoutNotificationDelivered', { client_id, sid })
  }

  /**
   * A client refuses with 400 a token that it does not accept, which it may when it has read our new
   * keys, and also a logout that failed there (§2.8); a proxy answers 404 while the client restarts. So a
   * refusal is not final at once.
   */
  async function fail(
    notification: LogoutNotification,
    { outcome, description }: LogoutAnswer,
    next: number,
  ): Promise<void> {
    const { type, key, client_id, session_id: sid, expires, data } = notification
    const isRefused = outcome === 'refused'
    const refusals = data.refusals + (isRefused ? 1 : 0)
    const due = isRefused ? now() + (refusalDelays[data.refusals] ?? Infinity) : next
    const final = due >= expires
    if (final) await store.remove(type, key)
    else await store.replace({ ...notification, due, data: { ...data, refusals } })
    logger.warn({ client_id, sid, description, final }, 'a client was not told of a logout')
    events.raise('logoutNotificationFailed', { client_id, sid, description, final })
  }

  async function putOff(notification: LogoutNotification, due: number): Promise<void> {
    if (due < notification.expires) await store.replace({ ...notification, due })
    else await fail(notification, { outcome: 'unreachable', description: 'no time is left' }, due)
  }

  return attempt
}
