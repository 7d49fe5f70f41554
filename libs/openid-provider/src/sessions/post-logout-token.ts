/** What came of telling a client: it has accepted, it has refused, or there was no telling. */
export interface LogoutAnswer {
  readonly outcome: 'delivered' | 'refused' | 'unreachable'
  /** For the log. */
  readonly description: string
}

/**
 * Posts a logout token to a client. Nothing but the status of the answer counts: a redirect is not
 * followed, as it could lead the token anywhere, and the body, which could be endless, is not read.
 *
 * @param signal ends the attempt, which then counts as `unreachable`
 * @see {@link https://openid.net/specs/openid-connect-backchannel-1_0.html#BCRequest Back-Channel Logout §2.5}
 * @see {@link https://openid.net/specs/openid-connect-backchannel-1_0.html#BCResponse Back-Channel Logout §2.8}
 */
export async function postLogoutToken(
  uri: string,
  logout_token: string,
  signal: AbortSignal,
): Promise<LogoutAnswer> {
  try {
    const body = new URLSearchParams({ logout_token })
    const response = await fetch(uri, { method: 'POST', body, redirect: 'manual', signal })
    await response.body?.cancel()
    return { outcome: readOutcome(response), description: `answered ${response.status}` }
  } catch (error) {
    return { outcome: 'unreachable', description: describe(error) }
  }
}

/**
 * Some statuses say that the server could not do its work now, and so does any with a `Retry-After`: a logout
 * that failed is to be answered with 400 as well. All others are about the token.
 */
function readOutcome({ ok, status, headers }: Response): LogoutAnswer['outcome'] {
  if (ok) return 'delivered'
  const isForNow = status >= 500 || [408, 429].includes(status) || headers.has('Retry-After')
  return isForNow ? 'unreachable' : 'refused'
}

/** `fetch` says what went wrong in the cause alone. The code of a timeout is a number, which tells nobody anything. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return 'failed'
  const { cause = error } = error
  if (!(cause instanceof Error)) return error.name
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.name
}
