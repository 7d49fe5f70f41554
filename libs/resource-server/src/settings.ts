import { type IssuerUnavailable, reportOnce } from './issuer-unavailable.ts'

export interface SettingsOptions {
  /** The issuer whose tokens are accepted, exactly as its discovery document writes it. */
  readonly issuer: string
  /** What `aud` must name. Without it, any access token of the issuer is accepted. */
  readonly audience?: string
  /** How long the issuer may take to answer. By default 5. */
  readonly timeoutSeconds?: number
  /**
   * For how long the issuer's documents, its keys above all, are relied upon when they are due for renewal
   * and cannot be had. By default a day. With 0 requests wait for each renewal.
   *
   * @see {@link https://www.rfc-editor.org/rfc/rfc5861.html#section-4 RFC 5861 §4}
   */
  readonly staleIfErrorSeconds?: number
  /**
   * Told once of each reason why tokens could not be checked, or what is known of the issuer not renewed. By
   * default it is written to stderr.
   */
  readonly onUnavailable?: (error: IssuerUnavailable) => void
  /** Seconds since the epoch. */
  readonly now?: () => number
}

/** What every part of a resource server needs to know. */
export interface Settings {
  readonly issuer: string
  readonly audience: string | undefined
  readonly timeoutSeconds: number
  readonly staleIfErrorSeconds: number
  /** Tells the operator, once of each error: during back-off every request meets the same. */
  readonly report: (error: IssuerUnavailable) => void
  readonly now: () => number
}

/** Seconds by which the clocks of issuer and API may differ. */
export const clockSkew = 60

/**
 * Applies the defaults.
 *
 * @throws {TypeError} when the issuer is not a URL, so that a wrong one is noticed before any token is.
 */
export function readSettings(options: SettingsOptions): Settings {
  const { issuer, audience, timeoutSeconds = 5, staleIfErrorSeconds = 24 * 60 * 60 } = options
  const { onUnavailable, now = () => Date.now() / 1000 } = options
  if (!/^https?:/.test(issuer) || !URL.canParse(issuer))
    throw new TypeError(`The issuer must be an http or https URL, not ${JSON.stringify(issuer)}`)
  const report = reportOnce(onUnavailable)
  return { issuer, audience, timeoutSeconds, staleIfErrorSeconds, report, now }
}
