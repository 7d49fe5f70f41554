import { type Client, GrantTypes, jsonWebKeyFile } from '@basics/openid-provider'
import { publicKeyFile } from '@basics/sample-kit'

export const jwtClientAuthentication: Client = {
  clientId: 'jwt-client-authentication',
  // The program makes its own key pair and leaves the public half in this file.
  clientSecrets: [jsonWebKeyFile(publicKeyFile('jwt-client-authentication'))],
  allowedGrantTypes: GrantTypes.clientCredentials,
  allowedScopes: ['scope1', 'scope2'],
}
