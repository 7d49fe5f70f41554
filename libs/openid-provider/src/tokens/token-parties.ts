import type { Provider } from '../configuration.ts'
import type { RegisteredClient } from '../model/client.ts'
import type { User } from '../model/user.ts'

/** Whose a token is, by what it says or is stored with. */
export interface TokenOwners {
  readonly client_id: string
  /** Undefined for a token that the client got for itself. */
  readonly sub: string | undefined
}

/** Those without whom a token is good for nothing. */
export interface TokenParties {
  readonly client: RegisteredClient
  readonly user: User | undefined
}

/**
 * The client and the user of a token, asked for as they are now: a token that is in order outlives either.
 *
 * @param known the client, where the request has found it already
 * @returns undefined once the client is not served any more, or the user is gone or may no longer sign in
 * @throws {Error} when a store fails, takes too long or answers with something else.
 * @see {@link https://www.rfc-editor.org/rfc/rfc7662.html#section-2.2 RFC 7662 §2.2}
 */
export async function findTokenParties(
  { client_id, sub }: TokenOwners,
  { clients, users }: Provider,
  known?: RegisteredClient,
): Promise<TokenParties | undefined> {
  const client = known ?? (await clients.findClientById(client_id))
  if (client === undefined) return undefined
  if (sub === undefined) return { client, user: undefined }
  const user = await users.findUserBySub(sub)
  return user === undefined || user.active === false ? undefined : { client, user }
}
