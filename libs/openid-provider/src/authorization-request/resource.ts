import { AuthorizationError, type FormParameters, OAuthError } from '@basics/protocol'

import { grantResources } from '../grants/grant-resources.ts'
import type { Resources } from '../model/resources.ts'

/** @see {@link https://www.rfc-editor.org/rfc/rfc8707.html#section-2.1 RFC 8707 §2.1} */
export function readResource(
  { resource }: FormParameters,
  resources: Resources,
): string | undefined {
  try {
    grantResources([], resources, resource)
  } catch (error) {
    if (error instanceof OAuthError) throw new AuthorizationError('invalid_target', error.message)
    throw error
  }
  return resource
}
