import type { Client } from '../model/client.ts'
import type { SecretRotation } from '../model/rotate-secret.ts'
import type { Awaitable } from './store.ts'

/** Where a page of a list begins, and how long it is. */
export interface ClientPage {
  /** The last client id of the page before; absent for the first page. */
  readonly after?: string
  /** At most how many clients. */
  readonly limit: number
}

/**
 * The side of a client store on which clients are managed. The engine has no part in it: it reads a
 * `ClientStore`, and what is changed here it sees there.
 */
export interface ClientRegistry {
  /**
   * Answers false when there is a client of this id.
   *
   * @throws {ConfigurationError} for a client that the engine would not serve
   */
  add(client: Client): Awaitable<boolean>
  /** Also one that is disabled. */
  get(clientId: string): Awaitable<Client | undefined>
  /** By id, also those that are disabled. */
  list(page: ClientPage): Awaitable<Client[]>
  /** Answers false when there is no such client. */
  setEnabled(clientId: string, enabled: boolean): Awaitable<boolean>
  /**
   * Answers false when there is no such client.
   *
   * @throws {ConfigurationError} for a secret that the engine would not take
   */
  rotateSecret(clientId: string, rotation: SecretRotation): Awaitable<boolean>
  /** Answers false when there is no such client. */
  remove(clientId: string): Awaitable<boolean>
  /** Releases what it holds. It is not used afterwards. */
  close(): Awaitable<void>
}
