import { AuthorizationError, type FormParameters } from '@basics/protocol'

import type { ResponseMode } from '../authorization-response/response-target.ts'
import type { RegisteredClient } from '../model/client.ts'
import { requireResponseMode } from './response-mode.ts'

/** What the authorization endpoint can return. */
export type Returned = 'code' | 'id_token' | 'token'

/** What a client can ask the authorization endpoint to return. */
export interface ResponseType {
  /** Its words in alphabetical order. */
  readonly name: string
  readonly returns: ReadonlySet<Returned>
  /** The grant type that a client needs for it. */
  readonly grantType: string
  /** The first is the default. */
  readonly responseModes: readonly [ResponseMode, ...ResponseMode[]]
}

const modesOfCode = ['query', 'fragment', 'form_post'] as const
/** A query ends up in logs and histories: the query encoding MUST NOT be used for tokens (§3, §5). */
const modesOfTokens = ['fragment', 'form_post'] as const

/**
 * The response types, under their names.
 *
 * `code` is the one to build on. The others are legacy, for clients that were made for them: they came
 * about when a script could not call the token endpoint, and hand tokens through the browser, where
 * nothing binds them to the client. CORS and PKCE have made them needless: RFC 9700 tells clients not
 * to have access tokens issued so, and OAuth 2.1 leaves them out. Each registration has to ask for them.
 *
 * @see {@link https://openid.net/specs/oauth-v2-multiple-response-types-1_0.html#Combinations Multiple Response Types §5}
 * @see {@link https://www.rfc-editor.org/rfc/rfc9700.html#section-2.1.2 RFC 9700 §2.1.2}
 */
export const responseTypes = new Map(
  [
    responseType(['code'], 'authorization_code', modesOfCode),
    responseType(['id_token'], 'implicit', modesOfTokens),
    responseType(['id_token', 'token'], 'implicit', modesOfTokens),
    responseType(['token'], 'implicit', modesOfTokens),
    responseType(['code', 'id_token'], 'hybrid', modesOfTokens),
    responseType(['code', 'token'], 'hybrid', modesOfTokens),
    responseType(['code', 'id_token', 'token'], 'hybrid', modesOfTokens),
  ].map((type) => [type.name, type]),
)

function responseType(
  words: readonly Returned[],
  grantType: string,
  responseModes: ResponseType['responseModes'],
): ResponseType {
  return { name: words.join(' '), returns: new Set(words), grantType, responseModes }
}

/** The response type of these words, in whatever order: it does not matter (RFC 6749 §3.1.1). */
export function findResponseType(response_type: string): ResponseType | undefined {
  return (
    responseTypes.get(response_type) ?? responseTypes.get(response_type.split(' ').sort().join(' '))
  )
}

/** @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-3.1.1 RFC 6749 §3.1.1} */
export function readResponseType(
  parameters: FormParameters,
  client: RegisteredClient,
): ResponseType {
  const { response_type } = parameters
  if (response_type === undefined)
    throw new AuthorizationError('invalid_request', 'response_type is missing')
  const type = findResponseType(response_type)
  if (type === undefined)
    throw new AuthorizationError(
      'unsupported_response_type',
      `response_type ${response_type} is not supported`,
    )
  requireResponseMode(parameters, type)
  if (!client.allowedGrantTypes.includes(type.grantType))
    throw new AuthorizationError('unauthorized_client', `the client may not use ${type.grantType}`)
  if (type.returns.has('token') && !client.allowAccessTokensViaBrowser)
    throw new AuthorizationError(
      'unauthorized_client',
      'the client may not have access tokens sent through the browser',
    )
  return type
}
