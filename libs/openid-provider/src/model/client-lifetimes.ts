import type { RegisteredClient } from './client.ts'
import type { Report } from './configuration-error.ts'

const lifetimeProperties = [
  'pushedAuthorizationLifetime',
  'consentLifetime',
  'userSsoLifetime',
  'accessTokenLifetime',
  'identityTokenLifetime',
  'authorizationCodeLifetime',
  'absoluteRefreshTokenLifetime',
  'slidingRefreshTokenLifetime',
] as const

/** 100 years in seconds. Far beyond it, an end is no date any more, and no number that a store takes. */
const longestLifetime = 3_155_760_000

/** The check of everything that a client counts in seconds: the property, and what is wrong with it. */
export function lifetimes(client: RegisteredClient, report: Report): void {
  for (const name of lifetimeProperties) {
    const { [name]: value = 1 } = client
    // Zero is for refreshTokens to judge.
    const isAbsolute = name === 'absoluteRefreshTokenLifetime'
    if (!Number.isSafeInteger(value) || value < (isAbsolute ? 0 : 1))
      report(name, `is ${value}; it is a ${isAbsolute ? '' : 'positive '}whole number of seconds`)
    else if (value > longestLifetime)
      report(name, `is ${value}; it is at most ${longestLifetime} seconds, 100 years`)
  }
}
