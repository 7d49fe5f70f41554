import type { Provider } from '../configuration.ts'
import type { StoredRecord } from '../stores/store.ts'
import { endLoginSession } from './end-login-session.ts'
import type { SessionSummary } from './interaction.ts'
import { type LoginSession, loginSessionType as type } from './login-session.ts'
import { findClients, findSessionClients } from './session-clients.ts'

/** The sessions of the user that a session is of, itself first and then the latest sign-in first. */
export async function findUserSessions(
  { sub, sid }: LoginSession,
  provider: Provider,
): Promise<SessionSummary[]> {
  const records = await provider.store.getAll({ type, subject: sub })
  const bySid = new Map(records.map((record) => [record.session_id, record]))
  const sessions = await Promise.all(
    bySid.values().map((record) => describe(record, sid, provider)),
  )
  return sessions.toSorted(
    (one, other) =>
      Number(other.isCurrent) - Number(one.isCurrent) || other.authTime - one.authTime,
  )
}

/** Ends a session, if it is one of this user: a `sid` is known to clients, so to know it is no right. */
export async function endUserSession(sub: string, sid: string, provider: Provider): Promise<void> {
  const records = await provider.store.getAll({ type, subject: sub, session_id: sid })
  if (records.length > 0) await endLoginSession({ sub, sid }, provider)
}

/** Ends all sessions of the user but this one. */
export async function endOtherSessions(
  { sub, sid }: LoginSession,
  provider: Provider,
): Promise<void> {
  const records = await provider.store.getAll({ type, subject: sub })
  const sids = new Set(records.map(({ data }) => (data as LoginSession).sid))
  sids.delete(sid)
  await Promise.all([...sids].map((each) => endLoginSession({ sub, sid: each }, provider)))
}

async function describe(
  { data }: StoredRecord,
  currentSid: string,
  provider: Provider,
): Promise<SessionSummary> {
  const { sid, authTime, expires, remember, browser } = data as LoginSession
  const clients = await findClients(await findSessionClients(sid, provider), provider)
  return {
    sid,
    isCurrent: sid === currentSid,
    browser,
    authTime,
    expires,
    remember,
    clients: clients.map(({ clientId, clientName, backChannelLogoutUri }) => ({
      clientId,
      clientName,
      hasBackChannelLogout: backChannelLogoutUri !== undefined,
    })),
  }
}
