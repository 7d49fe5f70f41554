import { OAuthError } from '@basics/protocol'
import { createRemoteJWKSet, customFetch, errors, type JWTVerifyGetKey } from 'jose'
import type { Configuration } from 'openid-client'

import type { Context } from '../context.ts'
import { fetchKeys } from './fetch-keys.ts'

/** Who signs, how and with what. */
export interface ProviderKeys {
  /**
   * The issuer as it stands in its tokens, and the algorithms it signs with.
   *
   * @throws {OAuthError} `temporarily_unavailable` when the provider cannot be discovered.
   */
  signer(): Promise<{ readonly issuer: string; readonly algorithms: string[] }>
  /**
   * Finds the key for a token.
   *
   * @throws {OAuthError} `temporarily_unavailable` when the keys cannot be had.
   */
  readonly find: JWTVerifyGetKey
}

/** Milliseconds that keys are used for, and after which a `kid` that is not among them is looked for again. */
const lifetimes = { cacheMaxAge: 600_000, cooldownDuration: 30_000 }

/** Asymmetric ones: with an HMAC the public key, which everyone has, would pass for a secret (RFC 8725 §2.1). */
const asymmetric = /^(?:(?:RS|PS|ES)(?:256|384|512)|EdDSA|Ed25519)$/

/**
 * The provider's keys, fetched when first needed and then kept. A key that is not among them has them
 * fetched again, though not for every stranger's token: there is a pause between, after a failure too.
 *
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#RotateSigningKeys OIDC Core §10.1.1}
 */
export function providerKeys({
  provider,
  issuer,
  timeoutSeconds,
  now,
}: Pick<Context, 'provider' | 'issuer' | 'timeoutSeconds' | 'now'>): ProviderKeys {
  /** One until it is mended: each failure is logged once. */
  let unusable: Error | undefined
  let known: { readonly uri: string; readonly find: JWTVerifyGetKey } | undefined

  function keysAt(url: URL): JWTVerifyGetKey {
    if (known?.uri !== url.href) {
      const timeoutDuration = timeoutSeconds * 1000
      const options = { ...lifetimes, timeoutDuration, [customFetch]: fetchKeys(now) }
      known = { uri: url.href, find: createRemoteJWKSet(url, options) }
    }
    return known.find
  }

  return {
    async signer() {
      const metadata = await readMetadata(provider)
      const algorithms = metadata.id_token_signing_alg_values_supported ?? ['RS256']
      return {
        issuer: metadata.issuer,
        algorithms: algorithms.filter((alg) => asymmetric.test(alg)),
      }
    },
    async find(header, token) {
      const { jwks_uri = '' } = await readMetadata(provider)
      const url = URL.parse(jwks_uri)
      // As openid-client has it: in the clear only where the issuer itself is.
      if (url === null || (url.protocol !== 'https:' && issuer.protocol === 'https:')) {
        unusable ??= new Error('the provider has no jwks_uri that can be used')
        throw unavailable(unusable)
      }
      unusable = undefined
      try {
        return await keysAt(url)(header, token)
      } catch (error) {
        throw isAboutTheToken(error) ? error : unavailable(error)
      }
    },
  }
}

async function readMetadata(provider: () => Promise<Configuration>) {
  try {
    return (await provider()).serverMetadata()
  } catch (error) {
    throw unavailable(error)
  }
}

function isAboutTheToken(error: unknown): boolean {
  return (
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWKSMultipleMatchingKeys ||
    error instanceof errors.JOSENotSupported
  )
}

function unavailable(cause: unknown): OAuthError {
  const description = 'the keys of the token service cannot be had; send the logout token again'
  return new OAuthError('temporarily_unavailable', description, { cause })
}
