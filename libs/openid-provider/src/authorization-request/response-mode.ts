import { AuthorizationError, type FormParameters } from '@basics/protocol'

import type { ResponseMode } from '../authorization-response/response-target.ts'
import { findResponseType, type ResponseType } from './response-type.ts'

/** The mode that a response, even an error, has: the one asked for if it is one, or the default. */
export function readResponseMode({ response_mode, response_type }: FormParameters): ResponseMode {
  const type = findResponseType(response_type ?? '')
  const allowed = type?.responseModes ?? ['query', 'fragment', 'form_post']
  return allowed.find((mode) => mode === response_mode) ?? allowed[0] ?? 'query'
}

/**
 * Refuses a mode that does not exist, or that the response type cannot use.
 *
 * @see {@link https://openid.net/specs/oauth-v2-multiple-response-types-1_0.html#ResponseModes Multiple Response Types §2.1}
 */
export function requireResponseMode(
  { response_mode }: FormParameters,
  { responseModes }: ResponseType,
): void {
  if (response_mode !== undefined && !responseModes.some((mode) => mode === response_mode))
    throw new AuthorizationError(
      'invalid_request',
      `response_mode ${response_mode} is not one of ${responseModes.join(', ')}`,
    )
}
