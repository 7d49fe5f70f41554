/** What stands behind an arrow: a file of the repository, and a function in there. */
export interface Source {
  readonly file: string
  /** Absent for what a `main.ts` does outside of any function. */
  readonly name?: string
}

export const completeSignIn = relyingParty('sign-in/complete-sign-in.ts', 'completeSignIn')

/** What checks a request, by the request. What is not here has to be a page of the scenario's `main.ts`. */
export const checkedBy: Readonly<Record<string, Source>> = {
  'GET /.well-known/openid-configuration': provider('endpoints/discovery.ts', 'discoveryEndpoint'),
  'GET /.well-known/openid-configuration/jwks': provider('endpoints/jwks.ts', 'jwksEndpoint'),
  'GET /connect/authorize': provider('endpoints/authorize.ts', 'authorizeEndpoint'),
  'GET /connect/authorize/callback': provider('endpoints/authorize.ts', 'authorizeCallback'),
  'POST /connect/par': provider('endpoints/pushed-authorization.ts', 'pushedAuthorizationEndpoint'),
  'POST /connect/token': provider('endpoints/token.ts', 'tokenEndpoint'),
  'POST /connect/introspect': provider('endpoints/introspection.ts', 'introspectionEndpoint'),
  'GET /connect/userinfo': provider('endpoints/userinfo.ts', 'userinfoEndpoint'),
  'POST /connect/revocation': provider('endpoints/revocation.ts', 'revocationEndpoint'),
  'GET /connect/endsession': provider('endpoints/end-session.ts', 'endSessionEndpoint'),
  'GET /connect/endsession/callback': provider(
    'endpoints/end-session-callback.ts',
    'endSessionCallback',
  ),
  'GET /connect/checksession': provider('endpoints/check-session.ts', 'checkSessionEndpoint'),
  'GET /account/login': page('login.ts', 'loginPage'),
  'POST /account/login': page('login.ts', 'loginPage'),
  'GET /account/logout': page('logout.ts', 'logoutPage'),
  'POST /account/logout': page('logout.ts', 'logoutPage'),
  'GET /account/logged-out': page('logged-out.ts', 'loggedOutPage'),
  'GET /signin-oidc': completeSignIn,
  'POST /signin-oidc': completeSignIn,
  'GET /signout-callback-oidc': relyingParty('sign-out/complete-sign-out.ts', 'completeSignOut'),
  'GET /signout-oidc': relyingParty('sign-out/front-channel-logout.ts', 'frontChannelLogout'),
  'POST /backchannel-logout': relyingParty(
    'back-channel-logout/logout-token.ts',
    'validateLogoutToken',
  ),
  'GET /identity': resourceServer('resource-server.ts', 'resourceServer'),
}

/** What checks the address that a redirect has led to, where the page does that and not its server. */
export const checksInPage: Readonly<Record<string, Source>> = {
  'GET /implicit': pageScript('authorization-response.js', 'validateAuthorizationResponse'),
  'GET /code': pageScript('authorization-response.js', 'validateAuthorizationResponse'),
}

/** What answers, where that is not what checks. */
export const answeredBy: Readonly<Record<string, Source>> = {
  'POST /connect/token': provider('tokens/issue-tokens.ts', 'issueTokens'),
  'GET /connect/authorize/callback': provider(
    'authorization-response/issue-authorization-response.ts',
    'issueAuthorizationResponse',
  ),
  'GET /logout': relyingParty('sign-out/begin-sign-out.ts', 'beginSignOut'),
  'POST /backchannel-logout': relyingParty(
    'back-channel-logout/back-channel-logout.ts',
    'backChannelLogout',
  ),
}

/** What answers whatever page was asked for, when nobody is signed in: on the way to the token service. */
export const beginsSignIn = relyingParty('sign-in/begin-sign-in.ts', 'beginSignIn')

/** What an app does in its `main.ts`, outside of any function. */
export function main(app: string): Source {
  return { file: `apps/${app}/src/main.ts` }
}

/** A script of the page that spa-implicit serves. */
export function pageScript(path: string, name: string): Source {
  return { file: `apps/spa-implicit/src/browser/${path}`, name }
}

export function provider(path: string, name: string): Source {
  return { file: `libs/openid-provider/src/${path}`, name }
}

export function relyingParty(path: string, name: string): Source {
  return { file: `libs/relying-party/src/${path}`, name }
}

export function tokenManagement(path: string, name: string): Source {
  return { file: `libs/token-management/src/${path}`, name }
}

export function resourceServer(path: string, name: string): Source {
  return { file: `libs/resource-server/src/${path}`, name }
}

export function page(path: string, name: string): Source {
  return { file: `apps/identity-server/src/pages/${path}`, name }
}
