import { type Client, GrantTypes, sha256, sharedSecret } from '@basics/openid-provider'

export const workerTokenManagement: Client = {
  clientId: 'worker-token-management',
  clientSecrets: [sharedSecret(sha256('secret'))],
  allowedGrantTypes: GrantTypes.clientCredentials,
  // Seconds: so short that a renewal can be watched.
  accessTokenLifetime: 75,
  allowedScopes: ['scope1', 'scope2'],
}
