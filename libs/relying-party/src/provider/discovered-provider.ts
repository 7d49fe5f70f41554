import { fetchAndHandOver, isWithin } from '@basics/protocol'
import {
  allowInsecureRequests,
  type ClientAuth,
  type Configuration,
  clockTolerance,
  customFetch,
  discovery,
  enableNonRepudiationChecks,
} from 'openid-client'

import type { AuthorizationResponse } from '../authorization-response/authorization-response.ts'
import { withPauses } from '../with-pauses.ts'
import { ProviderUnavailable } from './provider-unavailable.ts'

export interface DiscoveredProviderOptions {
  readonly issuer: URL
  readonly clientId: string
  readonly clientAuthentication: ClientAuth
  readonly authorizationResponse: Pick<AuthorizationResponse, 'prepare'>
  /** Seconds that one request to the provider may take. */
  readonly timeoutSeconds: number
  /** Seconds since the epoch. */
  readonly now: () => number
}

/** Seconds after which the provider is discovered anew, for it may have moved its endpoints. */
const maximumAge = 3600
/**
 * Seconds after the last attempt at that, whatever came of it, for which what is known is given out while the next one
 * is made. After a longer silence, in which nobody came, it is waited for.
 */
const maximumSilence = 7200
/** Seconds by which our clock and the provider's may differ. */
const clockSkew = 60

/**
 * The provider as its discovery document describes it, fetched when first needed and then kept: the
 * programs start in any order. Those who need it at the same time share one request. It is renewed behind
 * them: a provider that hangs must not hold up who only wants to be sent there, or to sign out here. After a
 * failure there is no other request for 1 s, then 2 s, 4 s, … 30 s; whoever asks after that makes it.
 *
 * @returns A function that rejects with {@link ProviderUnavailable} when there is nothing to give.
 * @see {@link https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfig OIDC Discovery §4}
 * @see {@link https://www.rfc-editor.org/rfc/rfc5861.html#section-3 RFC 5861 §3}, stale while revalidate
 */
export function discoveredProvider(
  options: DiscoveredProviderOptions,
): () => Promise<Configuration> {
  const { issuer, now } = options
  let known: { readonly provider: Configuration; readonly since: number } | undefined
  let pending: Promise<Configuration> | undefined
  let attemptedAt = Number.NEGATIVE_INFINITY
  const unlessPaused = withPauses(
    now,
    (retryAt, cause) => new ProviderUnavailable(issuer.href, retryAt, cause),
  )

  async function attempt(): Promise<Configuration> {
    const provider = await discover(options)
    known = { provider, since: now() }
    return provider
  }

  function renew(): Promise<Configuration> {
    pending ??= unlessPaused(attempt).finally(() => {
      pending = undefined
      attemptedAt = now()
    })
    return pending
  }

  return async () => {
    if (known === undefined) return renew()
    const { provider, since } = known
    if (isWithin(maximumAge, since, now())) return provider
    // What a provider published an hour ago serves better than nothing.
    const renewed = renew().catch(() => provider)
    return isWithin(maximumSilence, attemptedAt, now()) ? provider : renewed
  }
}

function discover(options: DiscoveredProviderOptions): Promise<Configuration> {
  const { issuer, clientId, clientAuthentication, authorizationResponse, timeoutSeconds } = options
  return discovery(issuer, clientId, { [clockTolerance]: clockSkew }, clientAuthentication, {
    [customFetch]: fetchAndHandOver,
    timeout: timeoutSeconds,
    execute: [
      // OIDC Core §3.1.3.7 lets a client trust TLS in place of an ID Token's signature. We check both: a
      // proxy or an http issuer may stand between.
      enableNonRepudiationChecks,
      authorizationResponse.prepare,
      // Everything goes over TLS, unless the issuer itself does not.
      ...(issuer.protocol === 'http:' ? [allowInsecureRequests] : []),
    ],
  })
}
