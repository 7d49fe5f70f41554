import type { LocalPath } from '../browser-response.ts'
import type { Provider } from '../configuration.ts'
import { paths } from '../endpoints/paths.ts'
import { issuerPath } from '../issuer-path.ts'
import type { RegisteredClient } from '../model/client.ts'
import { hashHandle } from '../stores/handles.ts'

/** What a browser is to tell, and whom. */
export interface FrontChannelLogout {
  /** The login session that has ended. */
  readonly sid: string
  readonly clientIds: readonly string[]
}

const type = 'front_channel_logout'

/** Milliseconds: the page that has it loaded comes next. */
const keptTime = 5 * 60 * 1000

/** @param id of the logout, by which it is found again */
export async function keepFrontChannelLogout(
  id: string,
  logout: FrontChannelLogout,
  { store, now }: Provider,
): Promise<void> {
  const created = now()
  const expires = created + keptTime
  await store.store({ type, key: hashHandle(id), created, expires, data: logout })
}

/** Once: someone who goes back to the page later must not end a session that has begun since. */
export async function takeFrontChannelLogout(
  id: string,
  { store }: Provider,
): Promise<FrontChannelLogout | undefined> {
  const record = await store.take(type, hashHandle(id))
  return record?.data as FrontChannelLogout | undefined
}

/** Where the browser gets the frames that tell the clients. */
export function frontChannelLogoutPath(id: string, { issuer }: Provider): LocalPath {
  const query = new URLSearchParams({ endSessionId: id })
  return `${issuerPath(issuer) as LocalPath}${paths.endSessionCallback}?${query}`
}

export function isToldByBrowser({ frontChannelLogoutUri }: RegisteredClient): boolean {
  return frontChannelLogoutUri !== undefined
}

/**
 * What a frame loads to tell a client that a session has ended, or undefined when the client is not
 * told this way. A query that is registered is kept.
 *
 * @see {@link https://openid.net/specs/openid-connect-frontchannel-1_0.html#RPLogout Front-Channel Logout §2}
 */
export function createFrontChannelLogoutUrl(
  client: RegisteredClient,
  sid: string,
  iss: string,
): string | undefined {
  const { frontChannelLogoutUri: uri, frontChannelLogoutSessionRequired } = client
  if (uri === undefined) return undefined
  if (!frontChannelLogoutSessionRequired) return uri
  return `${uri}${uri.includes('?') ? '&' : '?'}${new URLSearchParams({ iss, sid })}`
}
