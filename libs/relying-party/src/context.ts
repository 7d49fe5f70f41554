import type { CookieOptions } from 'express'
import type { Configuration } from 'openid-client'

import { type AttemptCookies, attemptCookies } from './attempt-cookies.ts'
import { discoveredProvider } from './provider/discovered-provider.ts'
import type { Settings } from './settings.ts'
import type { SignInAttempt } from './sign-in/begin-sign-in.ts'
import type { TokenStore } from './tokens/token-store.ts'
import type { Tokens } from './tokens/tokens.ts'

/** What the steps of signing in and out work with. */
export interface Context extends Settings {
  readonly provider: () => Promise<Configuration>
  readonly tokenStore: TokenStore
  readonly signIns: AttemptCookies<SignInAttempt>
  readonly signOuts: AttemptCookies<true>
  readonly signOutListeners: SignOutListener[]
  /** Lets work go on after its request was answered. It must not reject. */
  readonly afterwards: (work: Promise<void>) => void
  /** Resolves when all of that is done. */
  readonly settled: () => Promise<void>
}

/** Told of each session that was signed out of, with the tokens that nobody needs any more. */
export type SignOutListener = (id: string, tokens: Tokens) => Promise<void>

export function createContext(settings: Settings): Context {
  const { cookieName, cookie, sessionSecret: secret, sessionStorage, now } = settings
  const signInCookie = createSignInCookie(settings)
  const pending = new Set<Promise<void>>()
  return {
    ...settings,
    provider: discoveredProvider(settings),
    tokenStore: sessionStorage.tokens,
    signIns: attemptCookies({ name: `${cookieName}.sign-in`, cookie: signInCookie, secret, now }),
    signOuts: attemptCookies({ name: `${cookieName}.sign-out`, cookie, secret, now }),
    signOutListeners: [],
    afterwards(work) {
      pending.add(work)
      void work.finally(() => pending.delete(work))
    },
    async settled() {
      await Promise.all(pending)
    },
  }
}

/** Lax cookies come with a redirect from another site, and not with its forms. Browsers want None to be Secure. */
function createSignInCookie({ cookie, authorizationResponse }: Settings): CookieOptions {
  return authorizationResponse.isCrossSitePost && cookie.secure
    ? { ...cookie, sameSite: 'none' }
    : cookie
}
