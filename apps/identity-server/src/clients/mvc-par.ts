import { type Client, GrantTypes, sha256, sharedSecret } from '@basics/openid-provider'
import { urls } from '@basics/sample-kit'

export const mvcPar: Client = {
  clientId: 'mvc-par',
  clientName: 'MVC PAR',
  clientUri: urls.mvcPar,
  clientSecrets: [sharedSecret(sha256('secret'))],
  allowedGrantTypes: GrantTypes.code,
  // A request that comes by the browser is refused.
  requirePushedAuthorization: true,
  redirectUris: [`${urls.mvcPar}/signin-oidc`],
  postLogoutRedirectUris: [`${urls.mvcPar}/signout-callback-oidc`],
  frontChannelLogoutUri: `${urls.mvcPar}/signout-oidc`,
  allowOfflineAccess: true,
  allowedScopes: ['openid', 'profile', 'scope1', 'scope2'],
}
