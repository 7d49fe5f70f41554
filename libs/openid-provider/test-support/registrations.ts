import {
  type Client,
  GrantTypes,
  IdentityResources,
  type Resources,
  sha256,
  sharedSecret,
} from '../src/index.ts'

export const resources: Resources = {
  identityResources: [IdentityResources.openid, IdentityResources.profile],
  apiScopes: [{ name: 'scope1' }, { name: 'scope2' }, { name: 'scope3' }],
  apiResources: [
    { name: 'resource1', scopes: ['scope2'], apiSecrets: [sharedSecret(sha256('api-secret'))] },
    { name: 'urn:api2', scopes: ['scope2', 'scope3'], requireResourceIndicator: true },
  ],
}

/** A client that acts for itself, but for its id. */
export const machine = {
  clientSecrets: [sharedSecret(sha256('secret'))],
  allowedGrantTypes: GrantTypes.clientCredentials,
  allowedScopes: ['openid', 'scope1', 'scope2', 'scope3'],
}

export const clients: Client[] = [
  { ...machine, clientId: 'client', allowedCorsOrigins: ['https://app.example'] },
  { ...machine, clientId: 'other' },
  { ...machine, clientId: 'reference', accessTokenType: 'reference' },
  { ...machine, clientId: 'disabled', enabled: false },
  { ...machine, clientId: 'narrow', allowedScopes: ['openid', 'scope1'] },
  {
    clientId: 'web',
    clientSecrets: [sharedSecret(sha256('secret'))],
    allowedGrantTypes: GrantTypes.code,
    redirectUris: ['https://app.example/cb'],
    allowedScopes: ['openid', 'scope1'],
  },
]
