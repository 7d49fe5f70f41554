import { readFileSync } from 'node:fs'

import {
  type Client,
  GrantTypes,
  IdentityResources,
  noSecretYet,
  type Resources,
  sha256,
  sharedSecret,
} from '../src/index.ts'

/** The registrations below, as a configuration file. */
export const documentedConfiguration: string = readFileSync(
  new URL('documented-clients.json', import.meta.url),
  'utf8',
)

export const documentedResources: Resources = {
  identityResources: [
    { ...IdentityResources.openid },
    { ...IdentityResources.profile },
    { ...IdentityResources.email },
  ],
  apiScopes: [
    { name: 'api1', displayName: 'My API' },
    { name: 'api2.read_only', displayName: 'Read-only access to API 2', emphasize: true },
  ],
  apiResources: [
    {
      name: 'urn:api2',
      scopes: ['api2.read_only'],
      userClaims: ['name'],
      apiSecrets: [sharedSecret(sha256('api-secret'))],
    },
  ],
}

/** The clients that the documents of Duende IdentityServer define, one of each kind. */
export const documentedClients = {
  serviceClient: {
    clientId: 'service.client',
    clientSecrets: [sharedSecret(sha256('secret'))],
    allowedGrantTypes: GrantTypes.clientCredentials,
    allowedScopes: ['api1', 'api2.read_only'],
  },
  interactive: {
    clientId: 'interactive',
    clientSecrets: [sharedSecret(sha256('secret'))],
    allowedGrantTypes: GrantTypes.code,
    allowOfflineAccess: true,
    redirectUris: ['http://localhost:21402/signin-oidc'],
    postLogoutRedirectUris: ['http://localhost:21402/'],
    frontChannelLogoutUri: 'http://localhost:21402/signout-oidc',
    allowedScopes: ['openid', 'profile', 'email', 'api1', 'api2.read_only'],
  },
  js: {
    clientId: 'js',
    clientName: 'JavaScript Client',
    clientUri: 'http://localhost:7017',
    allowedGrantTypes: GrantTypes.implicit,
    allowAccessTokensViaBrowser: true,
    redirectUris: ['http://localhost:7017/index.html'],
    postLogoutRedirectUris: ['http://localhost:7017/index.html'],
    allowedCorsOrigins: ['http://localhost:7017'],
    allowedScopes: ['openid', 'profile', 'email', 'api1', 'api2.read_only'],
  },
  mvc: {
    clientId: 'mvc',
    clientName: 'MVC Client',
    clientUri: 'http://localhost:21402',
    clientSecrets: [sharedSecret(sha256('secret'))],
    allowedGrantTypes: GrantTypes.hybrid,
    allowOfflineAccess: true,
    redirectUris: ['http://localhost:21402/signin-oidc'],
    postLogoutRedirectUris: ['http://localhost:21402/signout-callback-oidc'],
    frontChannelLogoutUri: 'http://localhost:21402/signout-oidc',
    allowedScopes: ['openid', 'profile', 'email', 'api1', 'api2.read_only'],
  },
  localDev: {
    enabled: true,
    clientId: 'local-dev',
    clientName: 'Local Development',
    clientSecrets: [noSecretYet],
    allowedGrantTypes: GrantTypes.clientCredentials,
    allowedScopes: ['api1'],
  },
  client1: {
    clientId: 'client1',
    clientSecrets: [
      sharedSecret(sha256('old secret'), {
        description: 'until the new one is everywhere',
        expiration: new Date('2030-01-31T12:00:00Z'),
      }),
      sharedSecret(sha256('secret')),
    ],
    allowedGrantTypes: GrantTypes.clientCredentials,
    accessTokenType: 'reference',
    accessTokenLifetime: 600,
    allowedScopes: ['api1'],
    claims: [{ type: 'tier', value: 'gold' }],
    properties: { owner: 'billing' },
  },
  m2m: {
    clientId: 'm2m',
    clientName: 'Machine to machine',
    clientSecrets: [sharedSecret(sha256('secret'))],
    allowedGrantTypes: GrantTypes.clientCredentials,
    allowedScopes: ['api1', 'api2.read_only'],
  },
  interactiveConfidential: {
    clientId: 'interactive.confidential',
    clientName: 'Interactive client (code with PKCE)',
    clientSecrets: [sharedSecret(sha256('secret'))],
    allowedGrantTypes: GrantTypes.codeAndClientCredentials,
    requirePkce: true,
    allowOfflineAccess: true,
    refreshTokenUsage: 'oneTimeOnly',
    refreshTokenExpiration: 'sliding',
    redirectUris: ['https://app.example/signin-oidc'],
    postLogoutRedirectUris: ['https://app.example/signout-callback-oidc'],
    allowedScopes: ['openid', 'profile', 'email', 'api1'],
  },
} satisfies Record<string, Client>
