import type { FormParameters } from '@basics/protocol'

import type { ClaimsRequest } from '../authorization-request/claims.ts'
import type { Provider } from '../configuration.ts'
import type { AuthenticatedUser } from '../model/authenticated-user.ts'
import type { RegisteredClient } from '../model/client.ts'
import type { ApiResource, Resources } from '../model/resources.ts'
import type { User } from '../model/user.ts'

/**
 * What a grant has proven: all that token issuance needs, and nothing of how it was proven.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-1.3 RFC 6749 §1.3}
 */
export interface AuthorizedGrant {
  readonly client: RegisteredClient
  readonly scope: readonly string[]
  /** What `scope` stands for, and whatever else of the client's registration was looked up with it. */
  readonly resources: Resources
  /** The APIs that the access token is for. */
  readonly apis: readonly ApiResource[]
  /** What the user granted; absent when a client acts for itself. */
  readonly authorization?: UserAuthorization
}

/** A user's authorization, for as long as codes and refresh tokens carry it on. */
export interface UserAuthorization {
  /** Shared by everything that comes of it, so that all can be revoked together. */
  readonly grant_id: string
  readonly user: User
  readonly login: AuthenticatedUser
  /**
   * The last step before the tokens are answered, when all are there: spends what they are issued for, or
   * revokes the grant if what it rests on has ended meanwhile.
   */
  readonly conclude?: () => Promise<void>
  /** For the first ID Token alone. */
  readonly nonce?: string
  readonly claims?: ClaimsRequest
  /** Present when the client may come back without the user. */
  readonly offline?: OfflineAccess
}

export interface OfflineAccess {
  /** All that was granted, of which the access token may have a part. */
  readonly scope: readonly string[]
  readonly resource?: string
  /** The user's own name for the device. */
  readonly description?: string
  /** When the user granted it. Milliseconds since the epoch. */
  readonly since: number
  /** The refresh token that stays; absent when a new one is due. */
  readonly refresh_token?: string
}

/** Checks what the parameters claim was granted to the client. */
export type Grant = (
  parameters: FormParameters,
  client: RegisteredClient,
  provider: Provider,
) => Promise<AuthorizedGrant>
