import { IdentityResources, type Resources, sha256, sharedSecret } from '@basics/openid-provider'

/**
 * What clients can ask for. `scope1` belongs to no API in particular: simple-api takes any token of
 * this issuer. `scope2` is of `resource1`, which is resource-api: its tokens have that audience.
 */
export const resources: Resources = {
  identityResources: [IdentityResources.openid, IdentityResources.profile],
  apiScopes: [
    { name: 'scope1', displayName: 'Scope 1', description: 'What the simple API offers' },
    { name: 'scope2', displayName: 'Scope 2', description: 'What the resource API offers' },
  ],
  apiResources: [
    {
      name: 'resource1',
      displayName: 'Resource API',
      scopes: ['scope2'],
      apiSecrets: [sharedSecret(sha256('secret'))],
    },
  ],
}
