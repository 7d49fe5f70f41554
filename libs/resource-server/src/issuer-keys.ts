import { isDeepStrictEqual } from 'node:util'

import { createLocalJWKSet } from 'jose'

import { fetchJson } from './fetch-json.ts'
import { type IssuerDocument, issuerDocument } from './issuer-document.ts'
import type { IssuerMetadata } from './issuer-metadata.ts'
import type { Settings } from './settings.ts'

/** Finds the key for a token, by the `kid` and the `alg` in its header, and imports it once. */
export type KeyFinder = ReturnType<typeof createLocalJWKSet>

/**
 * The issuer's keys, as a function that finds the one for a token. It is the same function until the
 * keys are others, so that what was checked with it needs no second look.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc7517.html#section-5 RFC 7517 §5}
 */
export function issuerKeys(
  metadata: IssuerDocument<IssuerMetadata>,
  settings: Settings,
): IssuerDocument<KeyFinder> {
  const { issuer, timeoutSeconds } = settings
  let latest: KeyFinder | undefined
  const load = async () => {
    const { jwks_uri } = await metadata.read()
    const { keys } = await fetchJson(jwks_uri, timeoutSeconds)
    if (!Array.isArray(keys)) throw new Error('it is not a JSON Web Key Set')
    if (latest === undefined || !isDeepStrictEqual(keys, latest.jwks().keys))
      latest = createLocalJWKSet({ keys })
    return latest
  }
  return issuerDocument(`the keys of ${issuer}`, load, settings)
}
