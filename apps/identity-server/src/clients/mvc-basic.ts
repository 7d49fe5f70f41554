import { type Client, GrantTypes, sha256, sharedSecret } from '@basics/openid-provider'
import { urls } from '@basics/sample-kit'

export const mvcBasic: Client = {
  clientId: 'mvc-basic',
  clientName: 'MVC Basic',
  clientUri: urls.mvcBasic,
  clientSecrets: [sharedSecret(sha256('secret'))],
  allowedGrantTypes: GrantTypes.code,
  redirectUris: [`${urls.mvcBasic}/signin-oidc`],
  postLogoutRedirectUris: [`${urls.mvcBasic}/signout-callback-oidc`],
  frontChannelLogoutUri: `${urls.mvcBasic}/signout-oidc`,
  allowOfflineAccess: true,
  allowedScopes: ['openid', 'profile', 'scope1', 'scope2'],
}
