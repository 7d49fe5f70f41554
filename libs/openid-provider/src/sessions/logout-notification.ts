import type { StoredRecord } from '../stores/store.ts'
import type { SessionClient } from './session-clients.ts'

export const logoutNotificationType = 'logout_notification'

/** That a client is to be told of the end of a session. It is removed when the client has been told. */
export interface LogoutNotification extends StoredRecord {
  readonly client_id: string
  readonly subject: string
  readonly session_id: string
  readonly expires: number
  readonly data: {
    /** The issuer that the client knows us by. */
    readonly issuer: string
    /** How often the client has refused it. */
    readonly refusals: number
  }
}

/** For how long a client that cannot be reached is tried. Milliseconds. */
const persistence = 60 * 60 * 1000

/**
 * @param now milliseconds since the epoch
 * @param due when it is to be sent, unless it has been by then; milliseconds since the epoch
 */
export function createLogoutNotification(
  { key, client_id, subject, session_id, data }: SessionClient,
  now: number,
  due: number,
): LogoutNotification {
  return {
    type: logoutNotificationType,
    key,
    client_id,
    subject,
    session_id,
    created: now,
    expires: now + persistence,
    due,
    data: { issuer: data.issuer, refusals: 0 },
  }
}
