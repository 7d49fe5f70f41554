import { boundedFetch, isWithin } from '@basics/protocol'
import {
  allowInsecureRequests,
  type ClientAuth,
  type Configuration,
  customFetch,
  discovery,
} from 'openid-client'

export interface DiscoveredTokenServiceOptions {
  readonly issuer: URL
  readonly clientId: string
  readonly clientAuthentication: ClientAuth
  /** Seconds that a single HTTP request may take. */
  readonly timeout: number
  /** Seconds since the epoch. */
  readonly now: () => number
}

/** A token service as its discovery document describes it. */
export interface DiscoveredTokenService {
  /** Rejects with the error of openid-client, and only as long as nothing is known. */
  get(): Promise<Configuration>
  /** What has taken the place of a description that has proved wrong; undefined when nothing has. */
  replace(wrong: Configuration): Promise<Configuration | undefined>
}

/** Seconds after which the token service is discovered anew, for it may have moved its endpoints. */
const maximumAge = 3600
/** Seconds between two discoveries while there is a description to go on with. */
const pause = 60

/**
 * Fetched when first needed, by one request for all, and then kept: for an hour, or until it proves wrong.
 *
 * @see {@link https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfig OIDC Discovery §4}
 */
export function discoveredTokenService(
  options: DiscoveredTokenServiceOptions,
): DiscoveredTokenService {
  const { now } = options
  let known: { readonly description: Configuration; readonly since: number } | undefined
  let pending: Promise<Configuration> | undefined
  let attemptedAt = Number.NEGATIVE_INFINITY

  async function attempt(): Promise<Configuration> {
    attemptedAt = now()
    const description = await discover(options)
    known = { description, since: now() }
    return description
  }

  /** What was published an hour ago serves better than nothing. */
  async function renew(old: Configuration): Promise<Configuration> {
    if (pending === undefined && isWithin(pause, attemptedAt, now())) return old
    return share().catch(() => old)
  }

  function share(): Promise<Configuration> {
    pending ??= attempt().finally(() => {
      pending = undefined
    })
    return pending
  }

  return {
    async get() {
      if (known === undefined) return share()
      const { description, since } = known
      return isWithin(maximumAge, since, now()) ? description : renew(description)
    },

    async replace(wrong) {
      const current = known?.description === wrong ? await renew(wrong) : known?.description
      return current === wrong ? undefined : current
    },
  }
}

function discover(options: DiscoveredTokenServiceOptions): Promise<Configuration> {
  const { issuer, clientId, clientAuthentication, timeout } = options
  return discovery(issuer, clientId, undefined, clientAuthentication, {
    // Everything goes over TLS, unless the issuer itself does not.
    execute: issuer.protocol === 'http:' ? [allowInsecureRequests] : [],
    [customFetch]: boundedFetch,
    timeout,
  })
}
