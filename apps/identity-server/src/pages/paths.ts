/** Where the pages are: a contract with the engine, with scripts and with other people's tests. */
export const paths = {
  home: '/',
  login: '/account/login',
  logout: '/account/logout',
  loggedOut: '/account/logged-out',
  consent: '/consent',
  error: '/error',
  grants: '/grants',
  diagnostics: '/diagnostics',
} as const

/** The sign-in page, to be followed by the page that was asked for. */
export function signInPath(returnUrl: string): string {
  return `${paths.login}?${new URLSearchParams({ returnUrl })}`
}

/**
 * The page that confirms a logout.
 *
 * @param logoutId of the logout, if there is anything to say of it
 */
export function loggedOutPath(logoutId: string | undefined): string {
  return logoutId === undefined
    ? paths.loggedOut
    : `${paths.loggedOut}?${new URLSearchParams({ logoutId })}`
}
