import { OAuthError } from '@basics/protocol'

import type { ApiResource } from '../model/resources.ts'

const maximumResource = 512

/**
 * Decides for which APIs the access token is, and with which scopes. Without a `resource`, for every
 * API that has one of the scopes, unless it insists on being named; with one, for the APIs named, and
 * with their scopes alone.
 *
 * @param scope API scopes, all allowed
 * @param apis the enabled API resources that have one of them
 * @param resource the `resource` parameter: absolute URIs, separated by spaces
 * @throws {OAuthError} `invalid_target`
 * @see {@link https://www.rfc-editor.org/rfc/rfc8707.html#section-2 RFC 8707 §2}
 */
export function grantResources(
  scope: readonly string[],
  apis: readonly ApiResource[],
  resource: string | undefined,
): { scope: readonly string[]; apis: readonly ApiResource[] } {
  if (resource === undefined)
    return { scope, apis: apis.filter((api) => api.requireResourceIndicator !== true) }

  const indicators = [...new Set(resource.split(' '))]
  const named = indicators.map((indicator) => requireApi(indicator, apis))
  const scopesOfNamed = new Set(named.flatMap((api) => api.scopes))
  return { scope: scope.filter((name) => scopesOfNamed.has(name)), apis: named }
}

function requireApi(indicator: string, apis: readonly ApiResource[]): ApiResource {
  if (indicator.length > maximumResource || !URL.canParse(indicator) || indicator.includes('#'))
    throw new OAuthError('invalid_target', 'resource is not an absolute URI without fragment')
  const api = apis.find(({ name }) => name === indicator)
  if (api === undefined)
    throw new OAuthError('invalid_target', `${indicator} is unknown, or has none of the scopes`)
  return api
}
