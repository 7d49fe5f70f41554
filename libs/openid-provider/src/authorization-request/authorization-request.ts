import type { ResponseTarget } from '../authorization-response/response-target.ts'
import type { RegisteredClient } from '../model/client.ts'
import type { Resources } from '../model/resources.ts'
import type { ClaimsRequest } from './claims.ts'
import type { ResponseType } from './response-type.ts'

export type Prompt = 'none' | 'login' | 'consent' | 'select_account'
export type Display = 'page' | 'popup' | 'touch' | 'wap'

/**
 * An authorization request in which every parameter has been checked.
 *
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest OIDC Core §3.1.2.1}
 */
export interface AuthorizationRequest {
  readonly client: RegisteredClient
  readonly target: ResponseTarget
  readonly response_type: ResponseType
  readonly scope: readonly string[]
  /** What the scope stands for. */
  readonly resources: Resources
  /** RFC 8707; several are separated by spaces. */
  readonly resource: string | undefined
  readonly code_challenge: string | undefined
  readonly nonce: string | undefined
  readonly prompt: ReadonlySet<Prompt>
  /** Seconds since the user last signed in that are still accepted. */
  readonly max_age: number | undefined
  /** The user that the client expects, by `id_token_hint` or by `claims`. */
  readonly expected_sub: string | undefined
  readonly claims: ClaimsRequest | undefined
  readonly display: Display
  readonly ui_locales: readonly string[]
  readonly login_hint: string | undefined
  /** Without the ones that have a meaning of their own here, such as `idp:…`. */
  readonly acr_values: readonly string[]
  readonly idp: string | undefined
}
