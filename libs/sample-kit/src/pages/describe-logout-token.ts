/** A logout token that was accepted. Its times are in seconds since the epoch. */
export interface ShownLogoutToken {
  readonly claims: { readonly iat: number; readonly exp: number }
  /** Seconds since the epoch. */
  readonly arrivedAt: number
}

const date = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' })
const time = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium', timeZone: 'UTC' })

/** What the page shows of a logout token: its claims as they are, and its times for people as well. */
export function describeLogoutToken({ claims, arrivedAt }: ShownLogoutToken) {
  return {
    arrived: describeMoment(arrivedAt),
    times: [
      { name: 'iat', meaning: 'Issued', time: describeMoment(claims.iat) },
      { name: 'exp', meaning: 'Expires', time: describeMoment(claims.exp) },
    ],
    json: JSON.stringify(claims, null, 2),
  }
}

/** @param seconds Since the epoch. */
function describeMoment(seconds: number): { iso: string; text: string } {
  const moment = new Date(seconds * 1000)
  const text = `${date.format(moment)}, ${time.format(moment)} UTC`
  return { iso: moment.toISOString(), text }
}
