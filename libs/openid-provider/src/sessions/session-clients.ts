import type { Provider } from '../configuration.ts'
import type { RegisteredClient } from '../model/client.ts'
import { hashHandle } from '../stores/handles.ts'
import type { StoredRecord } from '../stores/store.ts'
import type { LoginSession } from './login-session.ts'

export const sessionClientType = 'session_client'

/** That a client knows of a session. It is due when the session ends by itself. */
export interface SessionClient extends StoredRecord {
  readonly client_id: string
  readonly subject: string
  readonly session_id: string
  /** The issuer that the client knows us by. */
  readonly data: { readonly issuer: string }
}

/** How long after the end of a session its clients can still be told, should nothing run until then. Milliseconds. */
const outliving = 7 * 24 * 60 * 60 * 1000

/**
 * Remembers that a client knows of the session, so that it can be told when the session ends. That is not taken
 * back when its request fails after all: another tab's may have relied on it.
 */
export async function rememberSessionClient(
  { sid, sub, expires }: LoginSession,
  clientId: string,
  { store, now, issuer }: Provider,
): Promise<void> {
  const key = sessionClientKey(sid, clientId)
  const known = await store.get(sessionClientType, key)
  // Most come back to a client they know, and to write costs several times what it costs to read.
  if (known?.due === expires && (known as SessionClient).data.issuer === issuer) return
  const record = {
    type: sessionClientType,
    key,
    client_id: clientId,
    subject: sub,
    session_id: sid,
    created: now(),
    expires: expires + outliving,
    due: expires,
    data: { issuer },
  } satisfies SessionClient
  if (!(await store.add(record))) await store.replace(record)
}

/** The session of someone who signs in again lasts longer: so does what is remembered of its clients. */
export async function prolongSessionClients(
  { sid, expires }: LoginSession,
  { store }: Provider,
): Promise<void> {
  for (const record of await getSessionClients(sid, store))
    await store.replace({ ...record, expires: expires + outliving, due: expires })
}

/** The ids of the clients that know of the session. */
export async function findSessionClients(sid: string, { store }: Provider): Promise<string[]> {
  return (await getSessionClients(sid, store)).map(({ client_id }) => client_id)
}

/** Of this type are the records that {@link rememberSessionClient} writes. */
export async function getSessionClients(
  sid: string,
  store: Provider['store'],
): Promise<SessionClient[]> {
  return (await store.getAll({ type: sessionClientType, session_id: sid })) as SessionClient[]
}

/** One a session and client, whatever is stored about the two. */
export function sessionClientKey(sid: string, clientId: string): string {
  return hashHandle(JSON.stringify([sid, clientId]))
}

/** Those that are still registered, but for one that the client store fails at: it must not keep anyone signed in. */
export async function findClients(
  ids: readonly string[],
  provider: Provider,
): Promise<readonly RegisteredClient[]> {
  const found = await Promise.all(ids.map((id) => tryToFindClient(id, provider)))
  return found.filter((client) => client !== undefined)
}

/** As {@link findClients}, where there may be none to look for. */
export async function tryToFindClient(
  id: string | undefined,
  { clients, logger }: Provider,
): Promise<RegisteredClient | undefined> {
  try {
    return id === undefined ? undefined : await clients.findClientById(id)
  } catch (err) {
    logger.error({ err, client_id: id }, 'a client could not be read, and is left out')
    return undefined
  }
}
