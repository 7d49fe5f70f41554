import type { Client } from '../model/client.ts'

/** Where the engine finds clients: the only way it sees them. */
export interface ClientStore {
  /** The client of this id, compared exactly; undefined when there is none. */
  findClientById(clientId: string): Client | undefined | Promise<Client | undefined>
  /**
   * Whether any client lists this origin in `allowedCorsOrigins`. The origin is as a browser sends it.
   *
   * @see {@link https://fetch.spec.whatwg.org/#origin-header Fetch, Origin header}
   */
  isCorsOriginAllowed(origin: string): boolean | Promise<boolean>
}
