import { BearerError, createBasicCredentials } from '@basics/protocol'

import {
  type AccessTokenClaims,
  type AccessTokenValidation,
  checkAccessTokenClaims,
  readAccessTokenClaims,
} from './access-token-claims.ts'
import { fetchJson, UnexpectedStatus } from './fetch-json.ts'
import type { IssuerDocument } from './issuer-document.ts'
import type { IssuerMetadata } from './issuer-metadata.ts'
import { IssuerUnavailable } from './issuer-unavailable.ts'
import type { Settings } from './settings.ts'
import { cachedValidation } from './validation-cache.ts'

export interface IntrospectionOptions {
  /** The name of the API resource, as which the API authenticates. */
  readonly clientId: string
  /** Its API secret. */
  readonly clientSecret: string
  /**
   * Seconds after the question for which a positive answer is reused: so long may a revoked token still
   * be accepted. 0, the default, asks every time.
   */
  readonly cacheSeconds?: number
}

/** Seconds after which a caller may try again. */
const retryAfter = { failure: 1, misconfiguration: 30 }

/**
 * Validates access tokens by asking the issuer about each.
 *
 * @throws {BearerError} `invalid_token`, by the returned function.
 * @throws {IssuerUnavailable} by the returned function, when the issuer does not answer the question.
 * @see {@link https://www.rfc-editor.org/rfc/rfc7662.html#section-2 RFC 7662 §2}
 */
export function introspectionValidation(
  { clientId, clientSecret, cacheSeconds = 0 }: IntrospectionOptions,
  metadata: IssuerDocument<IssuerMetadata>,
  settings: Settings,
): AccessTokenValidation {
  const authorization = createBasicCredentials({ client_id: clientId, client_secret: clientSecret })
  const validate: AccessTokenValidation = async (token) => {
    const { introspection_endpoint } = await metadata.read()
    const response = await introspect(token, introspection_endpoint, authorization, settings)
    return validateResponse(response, settings)
  }
  // Unasked, not even simultaneous requests share an answer: it may be older than a revocation.
  return cacheSeconds === 0
    ? validate
    : cachedValidation(validate, { cacheSeconds, now: settings.now })
}

/** @see {@link https://www.rfc-editor.org/rfc/rfc7662.html#section-2.1 RFC 7662 §2.1} */
async function introspect(
  token: string,
  endpoint: string | undefined,
  authorization: string,
  { issuer, timeoutSeconds, now }: Settings,
): Promise<Record<string, unknown>> {
  if (endpoint === undefined)
    throw misconfigured(`${issuer} has no introspection endpoint`, now, undefined)
  try {
    return await fetchJson(endpoint, timeoutSeconds, {
      method: 'POST',
      headers: { Authorization: authorization },
      body: new URLSearchParams({ token, token_type_hint: 'access_token' }),
    })
  } catch (error) {
    // 401 is about this API's credentials, not the caller's (RFC 7662 §2.3): the caller gets 503.
    if (error instanceof UnexpectedStatus && [401, 403].includes(error.status))
      throw misconfigured(`${endpoint} refuses this API's id or secret`, now, error)
    throw new IssuerUnavailable(
      `Cannot introspect at ${endpoint}`,
      now() + retryAfter.failure,
      error,
    )
  }
}

/** @see {@link https://www.rfc-editor.org/rfc/rfc7662.html#section-2.2 RFC 7662 §2.2} */
function validateResponse(
  response: Record<string, unknown>,
  settings: Settings,
): AccessTokenClaims {
  if (response.active !== true) throw refused('the token is not active')
  const claims = readAccessTokenClaims(response)
  if (claims.token_type !== undefined && !/^bearer$/i.test(String(claims.token_type)))
    throw refused('the token is not a bearer token (token_type)')
  checkAccessTokenClaims(claims, settings)
  return claims
}

function refused(problem: string): BearerError {
  return new BearerError('invalid_token', problem)
}

function misconfigured(problem: string, now: () => number, cause: unknown): IssuerUnavailable {
  const retryAt = now() + retryAfter.misconfiguration
  return new IssuerUnavailable(`Configuration problem: ${problem}`, retryAt, cause)
}
