import type { ApiResource, ApiScope, IdentityResource } from '@basics/openid-provider'

/** Access in the words that a user reads. */
export interface Access {
  /** The scope. */
  readonly name: string
  readonly title: string
  readonly description: string | undefined
  readonly required: boolean
  readonly emphasize: boolean
  /** The APIs that it is access to, for scopes of an API. */
  readonly apis: readonly string[]
}

export interface AccessGroup {
  readonly title: string
  readonly accesses: readonly Access[]
}

/** What a client asks for, or was granted. */
interface AskedAccess {
  readonly identityResources: readonly IdentityResource[]
  readonly apiScopes: readonly ApiScope[]
  readonly apiResources?: readonly ApiResource[]
  readonly offlineAccess: boolean
}

/** @see {@link https://openid.net/specs/openid-connect-core-1_0.html#OfflineAccess OIDC Core §11} */
export const offlineAccess = {
  name: 'offline_access',
  displayName: 'Access while you are away',
  description: 'It keeps what you allow here until you take it back, also when you are signed out',
  emphasize: true,
}

/** The groups that a user is shown, without empty ones: what is said about them, then what can be done. */
export function describeAccess(asked: AskedAccess): AccessGroup[] {
  const { identityResources, apiScopes, apiResources = [] } = asked
  const about = identityResources.map((resource) => describe(resource, []))
  const acting = [...apiScopes, ...(asked.offlineAccess ? [offlineAccess] : [])].map((scope) =>
    describe(
      scope,
      apiResources.filter(({ scopes }) => scopes.includes(scope.name)),
    ),
  )
  return [
    { title: 'What it learns about you', accesses: about },
    { title: 'What it may do for you', accesses: acting },
  ].filter(({ accesses }) => accesses.length > 0)
}

function describe(
  {
    name,
    displayName,
    description,
    required = false,
    emphasize = false,
  }: IdentityResource | ApiScope,
  apis: readonly ApiResource[],
): Access {
  return {
    name,
    title: displayName ?? name,
    description,
    required,
    emphasize,
    apis: apis.map((api) => api.displayName ?? api.name),
  }
}
