import { OAuthError } from '@basics/protocol'

import type { ClaimsRequest } from '../authorization-request/claims.ts'
import type { Provider } from '../configuration.ts'
import type { AuthenticatedUser } from '../model/authenticated-user.ts'
import type { User } from '../model/user.ts'

/**
 * What codes and refresh tokens stand for: the user's authorization, as it is stored.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-1.3.1 RFC 6749 §1.3.1}
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-1.5 RFC 6749 §1.5}
 */
export interface GrantedAccess {
  readonly scope: readonly string[]
  readonly resource?: string
  /** The user's own name for the device. */
  readonly description?: string
  readonly login: AuthenticatedUser
  readonly claims?: ClaimsRequest
}

/** What the client that comes with a code has to know besides. */
export interface CodeBinding {
  readonly redirect_uri: string
  readonly code_challenge?: string
}

/** What the authorization endpoint granted, until the client comes for it. */
export interface AuthorizationCode extends GrantedAccess, CodeBinding {
  readonly nonce?: string
}

/** What a refresh token stands for. */
export interface RefreshToken extends GrantedAccess {
  /** When the user granted it. Milliseconds since the epoch. */
  readonly since: number
}

/** @throws {OAuthError} `invalid_grant` when the user is gone or may no longer sign in. */
export async function requireActiveUser(sub: string, { users }: Provider): Promise<User> {
  const user = await users.findUserBySub(sub)
  if (user === undefined || user.active === false)
    throw new OAuthError('invalid_grant', 'the user can no longer sign in')
  return user
}
