import type { Provider } from '../configuration.ts'
import type { StoredRecord } from '../stores/store.ts'
import { endLoginSession } from './end-login-session.ts'
import type { SessionSummary } from './interaction.ts'
import type { LoginSession } from './login-session.ts'
import { findClients, findSessionClients } from './session-clients.ts'

const type = 'login_session'

/** The sessions of the user that a session is of, itself first and then the latest sign-in first. */
export async function findUserSessions(
  { sub, sid }: LoginSession,
  provider: Provider,
): Promise<SessionSummary[]> {
  const records = await provider.store.getAll({ type, subject: sub })
  const sessions = await Promise.all(records.map((record) => describe(record, sid, provider)))
  return sessions.toSorted(
    (one, other) =>
      Number(other.isCurrent) - Number(one.isCurrent) || other.authTime - one.authTime,
  )
}

/** Ends a session, if it is one of this user: a `sid` is known to clients, so to know it is no right. */
export async function endUserSession(sub: string, sid: string, provider: Provider): Promise<void> {
  await endSessions(await provider.store.getAll({ type, subject: sub, session_id: sid }), provider)
}

/** Ends all sessions of the user but this one. */
export async function endOtherSessions(
  { sub, sid }: LoginSession,
  provider: Provider,
): Promise<void> {
  const records = await provider.store.getAll({ type, subject: sub })
  await endSessions(
    records.filter(({ session_id }) => session_id !== sid),
    provider,
  )
}

async function endSessions(records: readonly StoredRecord[], provider: Provider): Promise<void> {
  await Promise.all(
    records.map(async ({ key, data }) => {
      // Of two that end it at once, one does.
      const taken = await provider.store.take(type, key)
      if (taken !== undefined) await endLoginSession(data as LoginSession, provider)
    }),
  )
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
