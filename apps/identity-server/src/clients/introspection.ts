import { type Client, GrantTypes, sha256, sharedSecret } from '@basics/openid-provider'

export const introspection: Client = {
  clientId: 'introspection',
  clientSecrets: [sharedSecret(sha256('secret'))],
  allowedGrantTypes: GrantTypes.clientCredentials,
  accessTokenType: 'reference',
  allowedScopes: ['scope1', 'scope2'],
}
