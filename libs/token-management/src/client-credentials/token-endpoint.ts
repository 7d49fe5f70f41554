import { type ClientAuth, type Configuration, clientCredentialsGrant } from 'openid-client'

import { type AccessToken, createAccessToken } from '../access-token.ts'
import { readTokenRequestError, TokenRequestError } from '../token-request-error.ts'
import { discoveredTokenService } from './discovered-token-service.ts'

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
 * The token endpoint of a client's issuer, discovered by the first request and anew every hour. One that
 * is not there any more (404) is looked for again, at most once a minute, and a new one asked in its place.
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
  const { now, timeout } = settings
  const { clientId, clientAuthentication } = client
  const issuer = new URL(client.issuer)
  const service = discoveredTokenService({ issuer, clientId, clientAuthentication, timeout, now })

  async function readable<Result>(work: Promise<Result>): Promise<Result> {
    try {
      return await work
    } catch (error) {
      throw await readTokenRequestError(error, `no token for "${name}" from ${client.issuer}`)
    }
  }

  return async (parameters) => {
    const found = await readable(service.get())
    try {
      return await readable(requestToken(found, parameters, settings))
    } catch (error) {
      const isGone = error instanceof TokenRequestError && error.status === 404
      const next = isGone ? await service.replace(found) : undefined
      if (next === undefined) throw error
      return readable(requestToken(next, parameters, settings))
    }
  }
}

async function requestToken(
  service: Configuration,
  parameters: Record<string, string>,
  { now, assumedLifetime }: TokenEndpointSettings,
): Promise<AccessToken> {
  const requested_at = now()
  const response = await clientCredentialsGrant(service, parameters)
  return createAccessToken(response, requested_at, assumedLifetime)
}
