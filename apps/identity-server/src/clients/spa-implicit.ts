import { type Client, GrantTypes } from '@basics/openid-provider'
import { urls } from '@basics/sample-kit'

/** Legacy: a page that gets its tokens in the fragment of its address. */
export const spaImplicit: Client = {
  clientId: 'spa-implicit',
  clientName: 'SPA Implicit',
  clientUri: urls.spaImplicit,
  allowedGrantTypes: GrantTypes.implicit,
  // Without this the flow issues ID Tokens alone.
  allowAccessTokensViaBrowser: true,
  redirectUris: [`${urls.spaImplicit}/implicit`],
  postLogoutRedirectUris: [`${urls.spaImplicit}/implicit`],
  allowedCorsOrigins: [urls.spaImplicit],
  allowedScopes: ['openid', 'profile', 'scope1'],
}

/** The same page as it is done now, with a client id of its own: no client has both ways. */
export const spaCode: Client = {
  clientId: 'spa-code',
  clientName: 'SPA Code',
  clientUri: urls.spaImplicit,
  allowedGrantTypes: GrantTypes.code,
  // A public client: whatever the page knows, everyone can read. So PKCE is required.
  requireClientSecret: false,
  redirectUris: [`${urls.spaImplicit}/code`],
  postLogoutRedirectUris: [`${urls.spaImplicit}/code`],
  allowedCorsOrigins: [urls.spaImplicit],
  allowOfflineAccess: true,
  // Nothing but rotation tells the page's refresh token from a stolen copy.
  refreshTokenUsage: 'oneTimeOnly',
  accessTokenLifetime: 75,
  allowedScopes: ['openid', 'profile', 'scope1'],
}
