import type { Provider } from '../configuration.ts'
import type { RegisteredClient } from '../model/client.ts'
import { hashHandle } from '../stores/handles.ts'
import type { LoginSession } from './login-session.ts'

const type = 'session_client'

/** Remembers that a client knows of the session, so that it can be told when the session ends. */
export async function rememberSessionClient(
  { sid, sub, expires }: LoginSession,
  clientId: string,
  { store, now }: Provider,
): Promise<void> {
  await store.store({
    type,
    key: hashHandle(JSON.stringify([sid, clientId])),
    client_id: clientId,
    subject: sub,
    session_id: sid,
    created: now(),
    expires,
    data: {},
  })
}

/** The session of someone who signs in again lasts longer: so does what is remembered of its clients. */
export async function prolongSessionClients(
  session: LoginSession,
  provider: Provider,
): Promise<void> {
  for (const clientId of await findSessionClients(session.sid, provider))
    await rememberSessionClient(session, clientId, provider)
}

/** The ids of the clients that know of the session. */
export async function findSessionClients(sid: string, { store }: Provider): Promise<string[]> {
  const records = await store.getAll({ type, session_id: sid })
  return records.flatMap(({ client_id }) => client_id ?? [])
}

/** Those that are still registered. */
export async function findClients(
  ids: readonly string[],
  { clients }: Provider,
): Promise<readonly RegisteredClient[]> {
  const found = await Promise.all(ids.map((id) => clients.findClientById(id)))
  return found.filter((client) => client !== undefined)
}
