import { setImmediate, setTimeout } from 'node:timers/promises'

import { isLive } from './login-session.ts'
import {
  createLogoutNotification,
  type LogoutNotification,
  logoutNotificationType,
} from './logout-notification.ts'
import { type Notifying, notificationSender } from './send-logout-notification.ts'
import { type SessionClient, sessionClientType } from './session-clients.ts'

/** Tells clients that a session has ended, until they have been told. */
export interface BackChannelLogout {
  /** Has these clients looked at soon, whether their session has ended: it is about to, if nothing fails. */
  expectEnd(known: readonly SessionClient[]): Promise<void>
  /**
   * Keeps in the store that these clients are to be told, those that want to be, in place of what was
   * remembered of them. One that the client store fails at is looked at again later, and holds up no other.
   */
  queue(known: readonly SessionClient[]): Promise<readonly LogoutNotification[]>
  /** Sends what was queued, and waits a moment for the answers; what fails is sent again later. */
  send(queued: readonly LogoutNotification[]): Promise<void>
  /** Begins to send what is due: of sessions that have expired, of attempts that failed, or of a process that died. */
  sendDue(): Promise<void>
  /** Fulfilled when nothing is being sent. */
  idle(): Promise<void>
  /** Leaves what is being sent, and all that follows, to the next process. */
  stop(): void
}

/** Notifications that this process takes from the store at a time. */
const maximumClaimed = 50
/** Milliseconds after which another process may send what this one has claimed: it must have died. */
const lease = 30_000
/**
 * Back-channel logout. What is to be told is in the store before anyone is told, so it outlives this
 * process; of all processes that share the store one tells. A client that does not answer is tried
 * for an hour, one that refuses for 13 minutes, with a new token each time.
 *
 * Refresh tokens stay: here each was granted with `offline_access`, and those normally outlive the session.
 *
 * @param options.timeout of an attempt, in milliseconds
 * @param options.patience how long a user who signs out waits for clients, so that those who answer know by
 *   then, in milliseconds
 * @see {@link https://openid.net/specs/openid-connect-backchannel-1_0.html#BCRequest Back-Channel Logout §2.5}
 * @see {@link https://openid.net/specs/openid-connect-backchannel-1_0.html#BCActions Back-Channel Logout §2.7}
 */
export function backChannelLogout(
  provider: Notifying,
  { timeout = 10_000, patience = 500 }: { timeout?: number; patience?: number } = {},
): BackChannelLogout {
  const { store, clients, logger, now } = provider
  const underWay = new Set<Promise<void>>()
  const stopping = new AbortController()
  const attempt = notificationSender(provider, timeout, stopping.signal)

  async function expectEnd(known: readonly SessionClient[]): Promise<void> {
    for (const each of known) await store.replace({ ...each, due: now() + lease })
  }

  async function queue(
    known: readonly SessionClient[],
    due = now() + lease,
  ): Promise<readonly LogoutNotification[]> {
    const queued: LogoutNotification[] = []
    for (const each of known) {
      const isTold = await hasBackChannel(each)
      if (isTold === undefined) continue
      const notification = createLogoutNotification(each, now(), due)
      if (isTold) {
        await store.store(notification)
        queued.push(notification)
      }
      await store.remove(each.type, each.key)
    }
    return queued
  }

  /** Undefined when there is no telling. */
  async function hasBackChannel({ client_id }: SessionClient): Promise<boolean | undefined> {
    try {
      const client = await clients.findClientById(client_id)
      return client?.backChannelLogoutUri !== undefined
    } catch (err) {
      logger.error({ err, client_id }, 'a client that is to be told of a logout could not be read')
      return undefined
    }
  }

  async function send(queued: readonly LogoutNotification[]): Promise<void> {
    const sent = Promise.all(queued.map(begin))
    await Promise.race([sent, setTimeout(patience, undefined, { ref: false })])
  }

  async function sendDue(): Promise<void> {
    await queueExpired()
    while (!stopping.signal.aborted) {
      const room = maximumClaimed - underWay.size
      const due = room > 0 ? await store.claimDue(logoutNotificationType, room, now() + lease) : []
      if (room > 0 && due.length === 0) return
      // Of this type are the records that `queue` writes.
      for (const notification of due as LogoutNotification[]) void begin(notification)
      await (room > 0 ? setImmediate() : Promise.race(underWay))
    }
  }

  /** Sessions that nobody prolonged until they were over, and those that a process died at while it ended them. */
  async function queueExpired(): Promise<void> {
    const due = await store.claimDue(sessionClientType, maximumClaimed, now() + lease)
    for (const known of due as SessionClient[]) {
      if (!(await isLive(known.session_id, store))) await queue([known], now())
    }
  }

  function begin(notification: LogoutNotification): Promise<void> {
    const { client_id, session_id: sid } = notification
    const sent = attempt(notification)
      // It is claimed, and so will be sent again.
      .catch((err) => logger.error({ err, client_id, sid }, 'a logout notification was not sent'))
      .finally(() => underWay.delete(sent))
    underWay.add(sent)
    return sent
  }

  async function idle(): Promise<void> {
    while (underWay.size > 0) await Promise.all(underWay)
  }

  return { expectEnd, queue, send, sendDue, idle, stop: () => stopping.abort() }
}
