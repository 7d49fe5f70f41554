import { boundedFetch } from '@basics/protocol'
import {
  allowInsecureRequests,
  type ClientAuth,
  type Configuration,
  clientCredentialsGrant,
  customFetch,
  discovery,
} from 'openid-client'

import { type AccessToken, createAccessToken } from '../access-token.ts'
import { readTokenRequestError } from '../token-request-error.ts'

/** A client that acts for itself, and how it proves who it is. */
export interface ClientCredentialsClient {
  readonly issuer: string
  readonly clientId: string
  /** A value of openid-client: `ClientSecretBasic('secret')`, `PrivateKeyJwt(key)`, … */
  readonly clientAuthentication: ClientAuth
  /** Space-separated. Absent: the token service decides. */
  readonly scope?: string
  /** The API that the token is for (RFC 8707). */
  readonly resource?: string
}

interface TokenEndpointSettings {
  /** Seconds since the epoch. */
  readonly now: () => number
  /** Seconds that a token lives whose response does not say. */
  readonly assumedLifetime: number
  /** Seconds that a single HTTP request may take. */
  readonly timeout: number
}

/** Asks the token endpoint for a token, once. */
export type RequestToken = (parameters: Record<string, string>) => Promise<AccessToken>

/**
 * The token endpoint of a client's issuer. It is discovered by the first request and then remembered;
 * a discovery that failed is tried again by the next.
 *
 * @param name What the client is called in errors.
 * @throws {TypeError} when the issuer is not an absolute URL.
 * @returns A function that rejects with a {@link TokenRequestError}.
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-4.4.2 RFC 6749 §4.4.2}
 * @see {@link https://www.rfc-editor.org/rfc/rfc8707.html#section-2.2 RFC 8707 §2.2}
 */
export function tokenEndpoint(
  name: string,
  client: ClientCredentialsClient,
  settings: TokenEndpointSettings,
): RequestToken {
  const { now, assumedLifetime, timeout } = settings
  const issuer = new URL(client.issuer)
  let discovered: Promise<Configuration> | undefined

  function discover(): Promise<Configuration> {
    discovered ??= discovery(issuer, client.clientId, undefined, client.clientAuthentication, {
      // Everything goes over TLS, unless the issuer itself does not.
      execute: issuer.protocol === 'http:' ? [allowInsecureRequests] : [],
      [customFetch]: boundedFetch,
      timeout,
    }).catch((error) => {
      discovered = undefined
      throw error
    })
    return discovered
  }

  return async (parameters) => {
    try {
      const configuration = await discover()
      const requested_at = now()
      const response = await clientCredentialsGrant(configuration, parameters)
      return createAccessToken(response, requested_at, assumedLifetime)
    } catch (error) {
      throw await readTokenRequestError(error, `no token for "${name}" from ${client.issuer}`)
    }
  }
}
