import { isScopeValue } from '@basics/protocol'

import type { RegisteredClient } from './client.ts'
import { lifetimes } from './client-lifetimes.ts'
import { isCorsOrigin, problemWithPageUri, problemWithUri } from './registered-uri.ts'
import { problemWithSecret } from './validate-secret.ts'

/** A check says what is wrong with a client: the property, and a sentence that continues from its name. */
type Check = (client: RegisteredClient) => Generator<Finding>
type Finding = readonly [path: string, message: string]

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

function* clientId({ clientId }: RegisteredClient): Generator<Finding> {
  if (typeof clientId !== 'string' || !/^[\x20-\x7e]{1,100}$/.test(clientId))
    yield ['clientId', 'is not a text of 1 to 100 printable ASCII characters']
}

const exclusiveGrants = ['implicit', 'authorization_code', 'hybrid']

function* grantTypes({ allowedGrantTypes }: RegisteredClient): Generator<Finding> {
  if (!Array.isArray(allowedGrantTypes) || allowedGrantTypes.length === 0)
    return yield ['allowedGrantTypes', 'is empty; name at least one, see GrantTypes']
  for (const [index, grant] of allowedGrantTypes.entries()) {
    if (!isScopeValue(grant))
      yield [`allowedGrantTypes[${index}]`, `is '${grant}'; a grant type has no spaces`]
    if (grant === 'password')
      yield [
        `allowedGrantTypes[${index}]`,
        "is 'password', which shows the password to the client and is not there; use GrantTypes.code",
      ]
    if (allowedGrantTypes.indexOf(grant) !== index)
      yield [`allowedGrantTypes[${index}]`, `is '${grant}' a second time`]
  }
  const together = allowedGrantTypes.filter((grant) => exclusiveGrants.includes(grant))
  if (new Set(together).size > 1)
    yield ['allowedGrantTypes', `has ${together.join(' and ')}; choose one of them`]
}

/** They are put into pages of the token service. */
function* pageUris({ clientUri, logoUri }: RegisteredClient): Generator<Finding> {
  const ofClient = clientUri === undefined ? undefined : problemWithPageUri(clientUri)
  if (ofClient !== undefined) yield ['clientUri', ofClient]
  const isImage = logoUri === undefined || /^data:image\//i.test(logoUri)
  const ofLogo = isImage ? undefined : problemWithPageUri(logoUri)
  if (ofLogo !== undefined) yield ['logoUri', `${ofLogo}, or a data: URL of an image`]
}

function* secrets(client: RegisteredClient): Generator<Finding> {
  for (const [index, secret] of client.clientSecrets.entries()) {
    const problem = problemWithSecret(secret)
    if (problem !== undefined) yield [`clientSecrets[${index}]`, problem]
  }
  const { allowedGrantTypes } = client
  const isMachine = allowedGrantTypes.includes('client_credentials')
  if (client.clientSecrets.length > 0) {
    if (isMachine && !client.requireClientSecret)
      yield ['requireClientSecret', 'is false, and client_credentials needs authentication']
  } else if (isMachine)
    yield ['clientSecrets', 'is empty, and client_credentials needs a secret or a key']
  else if (client.requireClientSecret && allowedGrantTypes.some((grant) => grant !== 'implicit'))
    yield ['clientSecrets', 'is empty; add one, or set requireClientSecret: false']
}

function* scopes({ allowedScopes }: RegisteredClient): Generator<Finding> {
  for (const [index, scope] of allowedScopes.entries()) {
    const path = `allowedScopes[${index}]`
    if (!isScopeValue(scope))
      yield [path, `is '${scope}'; a scope has no spaces, quotes or backslashes`]
    if (scope === 'offline_access')
      yield [path, "is 'offline_access'; set allowOfflineAccess: true instead"]
    if (allowedScopes.indexOf(scope) !== index) yield [path, `is '${scope}' a second time`]
  }
}

function* redirectUris(client: RegisteredClient): Generator<Finding> {
  yield* uris('redirectUris', client.redirectUris)
  yield* uris('requestUris', client.requestUris)
  const redirects = client.allowedGrantTypes.some((grant) => exclusiveGrants.includes(grant))
  if (redirects && client.redirectUris.length === 0 && !client.requirePushedAuthorization)
    yield ['redirectUris', 'is empty, and the grant types need somewhere to redirect to']
}

function* logoutUris(client: RegisteredClient): Generator<Finding> {
  yield* uris('postLogoutRedirectUris', client.postLogoutRedirectUris)
  for (const name of ['frontChannelLogoutUri', 'backChannelLogoutUri'] as const) {
    const problem = client[name] === undefined ? undefined : problemWithUri(client[name])
    if (problem !== undefined) yield [name, problem]
  }
  yield* frontChannelLogoutUri(client)
  yield* backChannelLogoutUri(client)
}

/**
 * A frame loads it, so it is a URL of the web; scheme, host and port MUST be those of a redirect URI.
 *
 * @see {@link https://openid.net/specs/openid-connect-frontchannel-1_0.html#RPLogout Front-Channel Logout §2}
 */
function* frontChannelLogoutUri(client: RegisteredClient): Generator<Finding> {
  const { frontChannelLogoutUri: uri, redirectUris } = client
  if (uri === undefined) return
  const url = URL.parse(uri)
  if (url === null) return
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    yield ['frontChannelLogoutUri', `is '${uri}'; it must be an http or https URL`]
  else if (!redirectUris.some((each) => URL.parse(each)?.origin === url.origin))
    yield [
      'frontChannelLogoutUri',
      `is '${uri}'; scheme, host and port must be those of one of the redirectUris`,
    ]
}

/**
 * It is where we send something, so it is a URL of the web; by http for a confidential client alone.
 *
 * @see {@link https://openid.net/specs/openid-connect-backchannel-1_0.html#BCRegistration Back-Channel Logout §2.2}
 */
function* backChannelLogoutUri(client: RegisteredClient): Generator<Finding> {
  const { backChannelLogoutUri: uri, requireClientSecret } = client
  if (uri === undefined) return
  const protocol = URL.parse(uri)?.protocol ?? 'https:'
  if (protocol === 'http:' && !requireClientSecret)
    yield ['backChannelLogoutUri', `is '${uri}'; a public client needs https`]
  else if (protocol !== 'http:' && protocol !== 'https:')
    yield ['backChannelLogoutUri', `is '${uri}'; it must be an http or https URL`]
}

function* uris(property: string, values: readonly string[]): Generator<Finding> {
  for (const [index, uri] of values.entries()) {
    const problem = problemWithUri(uri)
    if (problem !== undefined) yield [`${property}[${index}]`, problem]
    if (values.indexOf(uri) !== index) yield [`${property}[${index}]`, `is '${uri}' a second time`]
  }
}

function* corsOrigins({ allowedCorsOrigins }: RegisteredClient): Generator<Finding> {
  for (const [index, origin] of allowedCorsOrigins.entries())
    if (!isCorsOrigin(origin))
      yield [
        `allowedCorsOrigins[${index}]`,
        `is '${origin}'; an origin is http or https, host and port alone, such as 'https://app.example'`,
      ]
}

/** Nothing else binds a code to a public client: it MUST use PKCE (RFC 9700 §2.1.1). */
function* codeChallenge(client: RegisteredClient): Generator<Finding> {
  const hasCodes = client.allowedGrantTypes.some((grant) => grant !== 'implicit')
  if (hasCodes && !client.requirePkce && !client.requireClientSecret)
    yield ['requirePkce', 'is false; a public client needs PKCE']
}

function* accessTokenType({ accessTokenType }: RegisteredClient): Generator<Finding> {
  if (accessTokenType !== 'jwt' && accessTokenType !== 'reference')
    yield ['accessTokenType', `is '${accessTokenType}'; jwt and reference exist`]
}

function* refreshTokens(client: RegisteredClient): Generator<Finding> {
  const { refreshTokenUsage: usage, refreshTokenExpiration: expiration } = client
  if (usage !== 'reUse' && usage !== 'oneTimeOnly')
    yield ['refreshTokenUsage', `is '${usage}'; reUse and oneTimeOnly exist`]
  if (usage === 'reUse' && !client.requireClientSecret)
    yield ['refreshTokenUsage', 'is reUse; a public client needs oneTimeOnly']
  if (expiration !== 'absolute' && expiration !== 'sliding')
    yield ['refreshTokenExpiration', `is '${expiration}'; absolute and sliding exist`]
  if (expiration === 'absolute' && client.absoluteRefreshTokenLifetime === 0)
    yield ['absoluteRefreshTokenLifetime', 'is 0, which only refreshTokenExpiration sliding allows']
}

function* claims({ claims }: RegisteredClient): Generator<Finding> {
  for (const [index, { type, value }] of claims.entries()) {
    if (type === '') yield [`claims[${index}].type`, 'is empty; it is the name of the claim']
    if (typeof value === 'number' && !Number.isFinite(value))
      yield [`claims[${index}].value`, `is ${value}, which JSON cannot hold`]
  }
}
