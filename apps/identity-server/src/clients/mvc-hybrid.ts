import { type Client, GrantTypes, sha256, sharedSecret } from '@basics/openid-provider'
import { urls } from '@basics/sample-kit'

export const mvcHybrid: Client = {
  clientId: 'mvc-hybrid',
  clientName: 'MVC Hybrid',
  clientUri: urls.mvcHybrid,
  clientSecrets: [sharedSecret(sha256('secret'))],
  // Legacy. A client of today has GrantTypes.code.
  allowedGrantTypes: GrantTypes.hybrid,
  redirectUris: [`${urls.mvcHybrid}/signin-oidc`],
  postLogoutRedirectUris: [`${urls.mvcHybrid}/signout-callback-oidc`],
  frontChannelLogoutUri: `${urls.mvcHybrid}/signout-oidc`,
  allowOfflineAccess: true,
  allowedScopes: ['openid', 'profile', 'scope1', 'scope2'],
}
