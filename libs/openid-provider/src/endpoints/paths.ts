/** Where the endpoints are, relative to the issuer; the original's paths. */
export const paths = {
  discovery: '/.well-known/openid-configuration',
  authorizationServerMetadata: '/.well-known/oauth-authorization-server',
  jwks: '/.well-known/openid-configuration/jwks',
  authorize: '/connect/authorize',
  authorizeCallback: '/connect/authorize/callback',
  pushedAuthorization: '/connect/par',
  token: '/connect/token',
  userinfo: '/connect/userinfo',
  introspection: '/connect/introspect',
  revocation: '/connect/revocation',
  endSession: '/connect/endsession',
  endSessionCallback: '/connect/endsession/callback',
  checkSession: '/connect/checksession',
} as const
