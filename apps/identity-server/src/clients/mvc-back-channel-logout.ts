import { type Client, GrantTypes, sha256, sharedSecret } from '@basics/openid-provider'
import { urls } from '@basics/sample-kit'

export const mvcBackChannelLogout: Client = {
  clientId: 'mvc-back-channel-logout',
  clientName: 'MVC Back-Channel Logout',
  clientUri: urls.mvcBackChannelLogout,
  clientSecrets: [sharedSecret(sha256('secret'))],
  allowedGrantTypes: GrantTypes.code,
  redirectUris: [`${urls.mvcBackChannelLogout}/signin-oidc`],
  postLogoutRedirectUris: [`${urls.mvcBackChannelLogout}/signout-callback-oidc`],
  backChannelLogoutUri: `${urls.mvcBackChannelLogout}/backchannel-logout`,
  allowOfflineAccess: true,
  allowedScopes: ['openid', 'profile', 'scope1', 'scope2'],
}
