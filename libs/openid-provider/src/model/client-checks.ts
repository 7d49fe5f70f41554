import { isScopeValue } from '@basics/protocol'

import type { RegisteredClient } from './client.ts'
import { lifetimes } from './client-lifetimes.ts'
import type { Report } from './configuration-error.ts'
import { problemWithOrigin, problemWithPageUri, problemWithUri } from './registered-uri.ts'
import { problemWithSecret } from './validate-secret.ts'

type Check = (client: RegisteredClient, report: Report) => void

/**
 * What a registration is held to, one check after the other.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc7591.html#section-2 RFC 7591 §2}
 */
export const clientChecks: readonly Check[] = [
  clientId,
  grantTypes,
  pageUris,
  secrets,
  scopes,
  redirectUris,
  logoutUris,
  corsOrigins,
  codeChallenge,
  accessTokenType,
  refreshTokens,
  lifetimes,
  claims,
]

function clientId({ clientId }: RegisteredClient, report: Report): void {
  if (typeof clientId !== 'string' || !/^[\x20-\x7e]{1,100}$/.test(clientId))
    report('clientId', 'is not a text of 1 to 100 printable ASCII characters')
}

const exclusiveGrants = ['implicit', 'authorization_code', 'hybrid']

function grantTypes({ allowedGrantTypes }: RegisteredClient, report: Report): void {
  if (!Array.isArray(allowedGrantTypes) || allowedGrantTypes.length === 0) {
    report('allowedGrantTypes', 'is empty; name at least one, see GrantTypes')
    return
  }
  for (const [index, grant] of allowedGrantTypes.entries()) {
    if (!isScopeValue(grant))
      report(`allowedGrantTypes[${index}]`, `is '${grant}'; a grant type has no spaces`)
    if (grant === 'password')
      report(
        `allowedGrantTypes[${index}]`,
        "is 'password', which shows the password to the client and is not there; use GrantTypes.code",
      )
    if (allowedGrantTypes.indexOf(grant) !== index)
      report(`allowedGrantTypes[${index}]`, `is '${grant}' a second time`)
  }
  const together = allowedGrantTypes.filter((grant) => exclusiveGrants.includes(grant))
  if (new Set(together).size > 1)
    report('allowedGrantTypes', `has ${together.join(' and ')}; choose one of them`)
}

/** They are put into pages of the token service. */
function pageUris({ clientUri, logoUri }: RegisteredClient, report: Report): void {
  const ofClient = clientUri === undefined ? undefined : problemWithPageUri(clientUri)
  if (ofClient !== undefined) report('clientUri', ofClient)
  const isImage = logoUri === undefined || /^data:image\//i.test(logoUri)
  const ofLogo = isImage ? undefined : problemWithPageUri(logoUri)
  if (ofLogo !== undefined) report('logoUri', `${ofLogo}, or a data: URL of an image`)
}

function secrets(client: RegisteredClient, report: Report): void {
  for (const [index, secret] of client.clientSecrets.entries()) {
    const problem = problemWithSecret(secret)
    if (problem !== undefined) report(`clientSecrets[${index}]`, problem)
  }
  const { allowedGrantTypes } = client
  const isMachine = allowedGrantTypes.includes('client_credentials')
  if (client.clientSecrets.length > 0) {
    if (isMachine && !client.requireClientSecret)
      report('requireClientSecret', 'is false, and client_credentials needs authentication')
  } else if (isMachine)
    report('clientSecrets', 'is empty, and client_credentials needs a secret or a key')
  else if (client.requireClientSecret && allowedGrantTypes.some((grant) => grant !== 'implicit'))
    report('clientSecrets', 'is empty; add one, or set requireClientSecret: false')
}

function scopes({ allowedScopes }: RegisteredClient, report: Report): void {
  for (const [index, scope] of allowedScopes.entries()) {
    const path = `allowedScopes[${index}]`
    if (!isScopeValue(scope))
      report(path, `is '${scope}'; a scope has no spaces, quotes or backslashes`)
    if (scope === 'offline_access')
      report(path, "is 'offline_access'; set allowOfflineAccess: true instead")
    if (allowedScopes.indexOf(scope) !== index) report(path, `is '${scope}' a second time`)
  }
}

function redirectUris(client: RegisteredClient, report: Report): void {
  uris('redirectUris', client.redirectUris, report)
  uris('requestUris', client.requestUris, report)
  const redirects = client.allowedGrantTypes.some((grant) => exclusiveGrants.includes(grant))
  if (redirects && client.redirectUris.length === 0 && !client.requirePushedAuthorization)
    report('redirectUris', 'is empty, and the grant types need somewhere to redirect to')
}

function logoutUris(client: RegisteredClient, report: Report): void {
  uris('postLogoutRedirectUris', client.postLogoutRedirectUris, report)
  for (const name of ['frontChannelLogoutUri', 'backChannelLogoutUri'] as const) {
    const problem = client[name] === undefined ? undefined : problemWithUri(client[name])
    if (problem !== undefined) report(name, problem)
  }
  frontChannelLogoutUri(client, report)
  backChannelLogoutUri(client, report)
}

/**
 * A frame loads it, so it is a URL of the web; scheme, host and port MUST be those of a redirect URI.
 *
 * @see {@link https://openid.net/specs/openid-connect-frontchannel-1_0.html#RPLogout Front-Channel Logout §2}
 */
function frontChannelLogoutUri(client: RegisteredClient, report: Report): void {
  const { frontChannelLogoutUri: uri, redirectUris } = client
  if (uri === undefined) return
  const url = URL.parse(uri)
  if (url === null) return
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    report('frontChannelLogoutUri', `is '${uri}'; it must be an http or https URL`)
  else if (!redirectUris.some((each) => URL.parse(each)?.origin === url.origin))
    report(
      'frontChannelLogoutUri',
      `is '${uri}'; scheme, host and port must be those of one of the redirectUris`,
    )
}

/**
 * It is where we send something, so it is a URL of the web; by http for a confidential client alone.
 *
 * @see {@link https://openid.net/specs/openid-connect-backchannel-1_0.html#BCRegistration Back-Channel Logout §2.2}
 */
function backChannelLogoutUri(client: RegisteredClient, report: Report): void {
  const { backChannelLogoutUri: uri, requireClientSecret } = client
  if (uri === undefined) return
  const protocol = URL.parse(uri)?.protocol ?? 'https:'
  if (protocol === 'http:' && !requireClientSecret)
    report('backChannelLogoutUri', `is '${uri}'; a public client needs https`)
  else if (protocol !== 'http:' && protocol !== 'https:')
    report('backChannelLogoutUri', `is '${uri}'; it must be an http or https URL`)
}

function uris(property: string, values: readonly string[], report: Report): void {
  for (const [index, uri] of values.entries()) {
    const problem = problemWithUri(uri)
    if (problem !== undefined) report(`${property}[${index}]`, problem)
    if (values.indexOf(uri) !== index) report(`${property}[${index}]`, `is '${uri}' a second time`)
  }
}

function corsOrigins({ allowedCorsOrigins }: RegisteredClient, report: Report): void {
  for (const [index, origin] of allowedCorsOrigins.entries()) {
    const problem = problemWithOrigin(origin)
    if (problem !== undefined) report(`allowedCorsOrigins[${index}]`, problem)
  }
}

/** Nothing else binds a code to a public client: it MUST use PKCE (RFC 9700 §2.1.1). */
function codeChallenge(client: RegisteredClient, report: Report): void {
  const hasCodes = client.allowedGrantTypes.some((grant) => grant !== 'implicit')
  if (hasCodes && !client.requirePkce && !client.requireClientSecret)
    report('requirePkce', 'is false; a public client needs PKCE')
}

function accessTokenType({ accessTokenType }: RegisteredClient, report: Report): void {
  if (accessTokenType !== 'jwt' && accessTokenType !== 'reference')
    report('accessTokenType', `is '${accessTokenType}'; jwt and reference exist`)
}

function refreshTokens(client: RegisteredClient, report: Report): void {
  const { refreshTokenUsage: usage, refreshTokenExpiration: expiration } = client
  if (usage !== 'reUse' && usage !== 'oneTimeOnly')
    report('refreshTokenUsage', `is '${usage}'; reUse and oneTimeOnly exist`)
  if (usage === 'reUse' && !client.requireClientSecret)
    report('refreshTokenUsage', 'is reUse; a public client needs oneTimeOnly')
  if (expiration !== 'absolute' && expiration !== 'sliding')
    report('refreshTokenExpiration', `is '${expiration}'; absolute and sliding exist`)
  if (expiration === 'absolute' && client.absoluteRefreshTokenLifetime === 0)
    report('absoluteRefreshTokenLifetime', 'is 0, which only refreshTokenExpiration sliding allows')
}

function claims({ claims }: RegisteredClient, report: Report): void {
  for (const [index, { type, value }] of claims.entries()) {
    if (type === '') report(`claims[${index}].type`, 'is empty; it is the name of the claim')
    if (typeof value === 'number' && !Number.isFinite(value))
      report(`claims[${index}].value`, `is ${value}, which JSON cannot hold`)
  }
}
