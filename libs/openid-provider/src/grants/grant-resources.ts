import { OAuthError } from '@basics/protocol'

import type { ApiResource, Resources } from '../model/resources.ts'

const maximumResource = 512

/**
 * Decides for which APIs the access token is, and with which scopes. Without a `resource`, for every
 * API that has one of the scopes, unless it insists on being named; with one, for the APIs named, and
 * of the API scopes with theirs alone.
 *
 * @param scope all allowed
 * @param resources what the scope stands for
 * @param resource the `resource` parameter: absolute URIs, separated by spaces
 * @throws {OAuthError} `invalid_target`
 * @see {@link https://www.rfc-editor.org/rfc/rfc8707.html#section-2 RFC 8707 §2}
 */
export function grantResources(
  scope: readonly string[],
  { apiScopes, apiResources }: Resources,
  resource: string | undefined,
): { scope: readonly string[]; apis: readonly ApiResource[] } {
  if (resource === undefined)
    return { scope, apis: apiResources.filter((api) => api.requireResourceIndicator !== true) }

  const indicators = [...new Set(resource.split(' '))]
  const named = indicators.map((indicator) => requireApi(indicator, apiResources))
  const ofNamed = new Set(named.flatMap((api) => api.scopes))
  const ofOthers = new Set(apiScopes.map(({ name }) => name)).difference(ofNamed)
  return { scope: scope.filter((name) => !ofOthers.has(name)), apis: named }
}

/**
 * Which resources a token request may be for: those it names, if the user granted them, or else those
 * that the user granted.
 *
 * @throws {OAuthError} `invalid_target`
 * @see {@link https://www.rfc-editor.org/rfc/rfc8707.html#section-2.2 RFC 8707 §2.2}
 */
export function narrowResource(
  requested: string | undefined,
  granted: string | undefined,
): string | undefined {
  if (requested === undefined || granted === undefined) return requested ?? granted
  const all = granted.split(' ')
  const refused = requested.split(' ').find((indicator) => !all.includes(indicator))
  if (refused !== undefined)
    throw new OAuthError('invalid_target', `${refused} is not part of what was granted`)
  return requested
}

function requireApi(indicator: string, apis: readonly ApiResource[]): ApiResource {
  if (indicator.length > maximumResource || !URL.canParse(indicator) || indicator.includes('#'))
    throw new OAuthError('invalid_target', 'resource is not an absolute URI without fragment')
  const api = apis.find(({ name }) => name === indicator)
  if (api === undefined)
    throw new OAuthError('invalid_target', `${indicator} is unknown, or has none of the scopes`)
  return api
}
