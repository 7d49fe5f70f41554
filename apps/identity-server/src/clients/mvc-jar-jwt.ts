import { type Client, GrantTypes, jsonWebKeyFile } from '@basics/openid-provider'
import { publicKeyFile, urls } from '@basics/sample-kit'

export const mvcJarJwt: Client = {
  clientId: 'mvc-jar-jwt',
  clientName: 'MVC JAR JWT',
  clientUri: urls.mvcJarJwt,
  // The program makes its own key pair and leaves the public half in this file. There is no secret.
  clientSecrets: [jsonWebKeyFile(publicKeyFile('mvc-jar-jwt'))],
  allowedGrantTypes: GrantTypes.code,
  // A request that is not signed with that key is refused.
  requireRequestObject: true,
  redirectUris: [`${urls.mvcJarJwt}/signin-oidc`],
  postLogoutRedirectUris: [`${urls.mvcJarJwt}/signout-callback-oidc`],
  frontChannelLogoutUri: `${urls.mvcJarJwt}/signout-oidc`,
  allowOfflineAccess: true,
  allowedScopes: ['openid', 'profile', 'scope1', 'scope2'],
}
