import { AuthorizationError, type FormParameters } from '@basics/protocol'

import type { Prompt } from './authorization-request.ts'

/** The values of `prompt`. */
export const prompts = ['none', 'login', 'consent', 'select_account'] as const

/**
 * Whether, and with what, the user is to be asked.
 *
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest OIDC Core §3.1.2.1}
 */
export function readPrompt({ prompt }: FormParameters): ReadonlySet<Prompt> {
  const values = prompt?.split(' ').filter((value) => value !== '') ?? []
  const known = values.map((value) => {
    const found = prompts.find((each) => each === value)
    if (found === undefined)
      throw new AuthorizationError('invalid_request', `prompt ${value} is unknown`)
    return found
  })
  if (known.includes('none') && known.length > 1)
    throw new AuthorizationError('invalid_request', 'prompt none cannot be combined')
  return new Set(known)
}

/**
 * For how many seconds a login counts.
 *
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest OIDC Core §3.1.2.1}
 */
export function readMaxAge({ max_age }: FormParameters): number | undefined {
  if (max_age === undefined) return undefined
  if (!/^\d{1,10}$/.test(max_age))
    throw new AuthorizationError('invalid_request', 'max_age is not a whole number of seconds')
  return Number(max_age)
}
