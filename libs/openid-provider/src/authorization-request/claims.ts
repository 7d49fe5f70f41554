import { AuthorizationError, type FormParameters } from '@basics/protocol'

import type { ResponseType } from './response-type.ts'

/** How one claim is asked for; null asks for it without more. */
type ClaimRequest = null | {
  readonly essential?: boolean
  readonly value?: unknown
  readonly values?: readonly unknown[]
}

/** Claims asked for one by one, by where they are to appear. */
export interface ClaimsRequest {
  readonly userinfo?: Readonly<Record<string, ClaimRequest>>
  readonly id_token?: Readonly<Record<string, ClaimRequest>>
}

const maximumClaims = 4000

/** @see {@link https://openid.net/specs/openid-connect-core-1_0.html#ClaimsParameter OIDC Core §5.5} */
export function readClaims(
  { claims }: FormParameters,
  { name }: ResponseType,
): ClaimsRequest | undefined {
  if (claims === undefined) return undefined
  if (claims.length > maximumClaims)
    throw new AuthorizationError('invalid_request', 'claims is longer than 4000 characters')
  const request = parse(claims)
  if (!isObject(request)) throw invalid()
  for (const place of ['userinfo', 'id_token'] as const) {
    const asked = request[place]
    if (asked !== undefined && !(isObject(asked) && Object.values(asked).every(isClaimRequest)))
      throw invalid()
  }
  if (name === 'id_token' && request.userinfo !== undefined)
    throw new AuthorizationError(
      'invalid_request',
      'claims names userinfo, and response_type id_token brings no access token for it',
    )
  refuseEssentialAcr(request)
  return request
}

/** No login here has an `acr`, so one that has to have certain values has failed (§5.5.1.1). */
function refuseEssentialAcr({ id_token }: ClaimsRequest): void {
  const { essential, value, values } = id_token?.acr ?? {}
  if (essential === true && (value ?? values) !== undefined)
    throw new AuthorizationError('access_denied', 'no login here has the acr that is essential')
}

function parse(claims: string): unknown {
  try {
    return JSON.parse(claims)
  } catch {
    throw invalid()
  }
}

function isClaimRequest(value: unknown): boolean {
  return value === null || isObject(value)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function invalid(): AuthorizationError {
  return new AuthorizationError(
    'invalid_request',
    'claims is not the JSON that OIDC Core 5.5 describes',
  )
}
