/** What a client asked for when it sent the user to sign out, until the pages are done with it. */
export interface LogoutRequest {
  readonly clientId: string | undefined
  /** Whether an ID Token of the session has shown that the client may ask. */
  readonly isProven: boolean
  /** Registered, with `state`. */
  readonly postLogoutRedirectUri?: string
}

/** Milliseconds. */
export const logoutTime = 60 * 60 * 1000
