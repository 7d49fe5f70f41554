import { AuthorizationError, type FormParameters } from '@basics/protocol'

import type { ResponseMode } from '../authorization-response/response-target.ts'
import type { RegisteredClient } from '../model/client.ts'
import { requireResponseMode } from './response-mode.ts'

/** What a client can ask the authorization endpoint to return. */
export interface ResponseType {
  readonly name: string
  /** The grant type that a client needs for it. */
  readonly grantType: string
  /** The first is the default. */
  readonly responseModes: readonly [ResponseMode, ...ResponseMode[]]
}

/** The response types, under the names of the parameter. */
export const responseTypes = new Map<string, ResponseType>([
  [
    'code',
    {
      name: 'code',
      grantType: 'authorization_code',
      responseModes: ['query', 'fragment', 'form_post'],
    },
  ],
])

/** @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-3.1.1 RFC 6749 §3.1.1} */
export function readResponseType(
  parameters: FormParameters,
  client: RegisteredClient,
): ResponseType {
  const { response_type } = parameters
  if (response_type === undefined)
    throw new AuthorizationError('invalid_request', 'response_type is missing')
  const type = responseTypes.get(response_type)
  if (type === undefined)
    throw new AuthorizationError(
      'unsupported_response_type',
      `response_type ${response_type} is not supported`,
    )
  requireResponseMode(parameters, type)
  if (!client.allowedGrantTypes.includes(type.grantType))
    throw new AuthorizationError('unauthorized_client', `the client may not use ${type.grantType}`)
  return type
}
