import type { AccessToken } from '../access-token.ts'
import { exponentialPause } from '../exponential-pause.ts'
import { type FetchWithToken, fetchWithToken } from '../fetch-with-token.ts'
import { singleFlight } from '../single-flight.ts'
import type { TokenCache } from '../token-cache.ts'
import { createParameters, type TokenTarget } from '../token-target.ts'
import { ManagedToken } from './managed-token.ts'
import { type ClientCredentialsClient, tokenEndpoint } from './token-endpoint.ts'

export type { ClientCredentialsClient }

/** Times are in seconds. */
export interface TokenManagementOptions {
  /** How long before it expires a token is renewed (60), though never before half its lifetime. */
  readonly renewBefore?: number
  /**
   * How long a token is taken to live whose response has no `expires_in` (300). Too short costs a token
   * request now and then, too long a 401 and a repeated call.
   */
  readonly assumedLifetime?: number
  /** How long one HTTP request to the token service may take (5). */
  readonly timeout?: number
  /** The pause after that many failures in a row; by default 0.25, 0.5, 1, … 10, less up to half by chance. */
  readonly pauseAfter?: (failures: number) => number
  /** Shared by several processes. Without it tokens are kept in the memory of this one. */
  readonly cache?: TokenCache
  /** Seconds since the epoch. */
  readonly now?: () => number
}

export interface ClientCredentialsTokens<Name extends string> {
  /**
   * A token of the client, from memory or the cache as long as it is good.
   *
   * `forceRenewal` gets a new one, or the one that is being renewed at the moment. `signal` ends the
   * waiting of this caller.
   *
   * @throws {TokenRequestError} at once when the token service refuses, after three attempts when it
   *   cannot be reached. While earlier failures make it wait, a call waits too: at most 10 s, then for
   *   one attempt.
   */
  get(
    name: Name,
    options?: TokenTarget & { readonly forceRenewal?: boolean; readonly signal?: AbortSignal },
  ): Promise<AccessToken>

  /**
   * A `fetch` for the API at `baseUrl` that sends the client's token along. See {@link fetchWithToken}
   * for what happens on a 401, and where the token is not sent.
   */
  fetchFor(name: Name, api: TokenTarget & { readonly baseUrl: string }): FetchWithToken
}

/**
 * Tokens for programs that act for themselves: requested when first needed, kept per client, scope and
 * resource, shared by concurrent calls, renewed before they expire. What happens can be seen with
 * `onTokenEvents`.
 *
 * @param clients By a name of the program's choice.
 * @throws {TypeError} when an issuer is not an absolute URL.
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-4.4 RFC 6749 §4.4}
 * @see {@link https://www.rfc-editor.org/rfc/rfc8707.html#section-2 RFC 8707 §2}
 */
export function clientCredentialsTokens<Name extends string>(
  clients: Readonly<Record<Name, ClientCredentialsClient>>,
  options: TokenManagementOptions = {},
): ClientCredentialsTokens<Name> {
  const { now = () => Date.now() / 1000, assumedLifetime = 300, timeout = 5 } = options
  const { renewBefore = 60, pauseAfter = exponentialPause, cache } = options
  const policy = { now, renewBefore, pauseAfter, cache, singleFlight: singleFlight<AccessToken>() }
  const settings = { now, assumedLifetime, timeout }

  const endpoints = new Map(
    Object.entries<ClientCredentialsClient>(clients).map(([name, client]) => [
      name,
      { client, requestToken: tokenEndpoint(name, client, settings) },
    ]),
  )
  const tokens = new Map<string, ManagedToken>()

  function tokenFor(name: Name, target: TokenTarget): ManagedToken {
    const endpoint = endpoints.get(name)
    if (endpoint === undefined) throw new TypeError(`no client is named "${name}"`)
    const { client, requestToken } = endpoint
    const parameters = createParameters({ ...client, ...target })
    const key = createKey(name, client, parameters)
    const known = tokens.get(key)
    if (known !== undefined) return known

    // Targets may be made up call by call: those whose token is dead must not pile up.
    for (const [other, token] of tokens) if (token.isIdle) tokens.delete(other)
    const subject = { client: name, ...parameters }
    const token = new ManagedToken(subject, key, () => requestToken(parameters), policy)
    tokens.set(key, token)
    return token
  }

  return {
    async get(name, { forceRenewal = false, signal, ...target } = {}) {
      const token = tokenFor(name, target)
      return forceRenewal ? token.renew({ signal }) : token.get({ signal })
    },

    fetchFor(name, { baseUrl, ...target }) {
      return fetchWithToken(baseUrl, () => tokenFor(name, target))
    },
  }
}

/** JSON keeps the parts apart, whatever characters are in them. */
function createKey(name: string, client: ClientCredentialsClient, parameters: TokenTarget): string {
  return JSON.stringify([name, client.issuer, client.clientId, parameters])
}
