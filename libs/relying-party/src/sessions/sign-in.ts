import type { Request } from 'express'

import type { Tokens } from '../tokens/tokens.ts'

declare module 'express-session' {
  interface SessionData {
    /** Absent: nobody is signed in. */
    signIn: SignIn
  }
}

/** Who is signed in: the part of an express-session that is ours. */
export interface SignIn {
  /** Names the session, in the token store for one. Unlike the id in the cookie it is no secret. */
  readonly id: string
  /** What the ID Token and the UserInfo endpoint say about the user, without the protocol's own claims. */
  readonly claims: Readonly<Record<string, unknown>>
  /** Seconds since the epoch. */
  readonly signedInAt: number
  /** When the session ends, whatever happens in it: seconds since the epoch. */
  readonly expiresAt: number
}

/** A signed-in session as a request found it. */
export interface UserSession extends SignIn {
  readonly tokens: Tokens
  /** The version of the tokens: what `replace` of the token store expects. */
  readonly version: number
}

/**
 * Who is signed in, or undefined when nobody is.
 *
 * @param now Seconds since the epoch.
 */
export function readSignIn(req: Request, now: number): SignIn | undefined {
  if (req.session === undefined)
    throw new Error('there is no session: app.use(login.routes) has to come first')
  const { signIn } = req.session
  return signIn !== undefined && now < signIn.expiresAt ? signIn : undefined
}
