import { type Client, GrantTypes, sha256, sharedSecret } from '@basics/openid-provider'

export const clientCredentials: Client = {
  clientId: 'client-credentials',
  clientSecrets: [sharedSecret(sha256('secret'))],
  allowedGrantTypes: GrantTypes.clientCredentials,
  allowedScopes: ['scope1', 'scope2'],
}
