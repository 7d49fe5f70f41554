import { AuthorizationError, type FormParameters } from '@basics/protocol'

import type { Display } from './authorization-request.ts'

const displays = ['page', 'popup', 'touch', 'wap'] as const
const maximumHint = 100

/**
 * How the pages should look; a value that is not known is ignored.
 *
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#AuthRequest OIDC Core §3.1.2.1}
 */
export function readDisplay({ display }: FormParameters): Display {
  return displays.find((each) => each === display) ?? 'page'
}

/** Which languages the user prefers, the first most. None of them is reason for an error. */
export function readUiLocales({ ui_locales = '' }: FormParameters): readonly string[] {
  return ui_locales
    .slice(0, maximumHint)
    .split(' ')
    .filter((locale) => locale !== '')
}

/** Who is about to sign in, as far as the client knows. */
export function readLoginHint({ login_hint }: FormParameters): string | undefined {
  return limited('login_hint', login_hint)
}

function limited(name: string, value: string | undefined): string | undefined {
  if (value !== undefined && value.length > maximumHint)
    throw new AuthorizationError(
      'invalid_request',
      `${name} is longer than ${maximumHint} characters`,
    )
  return value
}
