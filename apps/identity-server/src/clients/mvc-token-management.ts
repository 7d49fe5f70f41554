import { type Client, GrantTypes, sha256, sharedSecret } from '@basics/openid-provider'
import { urls } from '@basics/sample-kit'

export const mvcTokenManagement: Client = {
  clientId: 'mvc-token-management',
  clientName: 'MVC Token Management',
  clientUri: urls.mvcTokenManagement,
  clientSecrets: [sharedSecret(sha256('secret'))],
  allowedGrantTypes: GrantTypes.code,
  // Seconds: so short that a renewal can be watched.
  accessTokenLifetime: 75,
  redirectUris: [`${urls.mvcTokenManagement}/signin-oidc`],
  postLogoutRedirectUris: [`${urls.mvcTokenManagement}/signout-callback-oidc`],
  frontChannelLogoutUri: `${urls.mvcTokenManagement}/signout-oidc`,
  allowOfflineAccess: true,
  allowedScopes: ['openid', 'profile', 'scope1', 'scope2'],
}
