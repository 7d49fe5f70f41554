import type { Provider } from '../configuration.ts'
import type { AuthorizedGrant, UserAuthorization } from '../grants/grant.ts'
import type { RegisteredClient } from '../model/client.ts'
import { type ApiResource, selectResources } from '../model/resources.ts'
import { createHandle } from '../stores/handles.ts'
import type { TokenOwners } from './token-parties.ts'
import { protocolClaims, selectUserClaims } from './user-claims.ts'

/**
 * What an access token says, whether it is a JWT or kept behind a reference.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc9068.html#section-2.2 RFC 9068 §2.2}
 */
export interface AccessTokenClaims {
  readonly iss: string
  /** Seconds since the epoch, as all times in tokens. */
  readonly nbf: number
  readonly iat: number
  readonly exp: number
  readonly aud: string | readonly string[]
  readonly scope: string
  readonly client_id: string
  readonly sub: string
  readonly jti?: string
  readonly [claim: string]: unknown
}

/** Creates the claims of an access token for what was granted. */
export function createAccessToken(grant: AuthorizedGrant, provider: Provider): AccessTokenClaims {
  const { client, scope, apis, authorization } = grant
  const iat = Math.floor(provider.now() / 1000)
  const isAboutClient = authorization === undefined || client.alwaysSendClientClaims
  return {
    ...(isAboutClient && clientClaims(client)),
    ...(authorization && userClaims(grant, authorization)),
    iss: provider.issuer,
    nbf: iat,
    iat,
    exp: iat + client.accessTokenLifetime,
    aud: audienceClaim(apis, provider),
    scope: scope.join(' '),
    client_id: client.clientId,
    // Without a user, the subject is the client itself (RFC 9068 §2.2).
    sub: authorization?.login.sub ?? client.clientId,
    ...(client.includeJwtId && { jti: createTokenId(authorization?.grant_id) }),
  }
}

/** An API that no resource describes gets the default audience, since `aud` is required (RFC 9068 §3). */
function audienceClaim(apis: readonly ApiResource[], { issuer, options }: Provider) {
  const names = apis.map(({ name }) => name)
  const isStatic = options.emitStaticAudienceClaim || names.length === 0
  const all = isStatic ? [...names, `${issuer}/resources`] : names
  return all.length === 1 && all[0] !== undefined ? all[0] : all
}

/** Without a prefix, one could stand in for a claim of the protocol's. */
function clientClaims({ claims, clientClaimsPrefix }: RegisteredClient): Record<string, unknown> {
  if (claims.length === 0) return {}
  const byType = Map.groupBy(claims, ({ type }) => `${clientClaimsPrefix}${type}`)
  const allowed = [...byType].filter(([type]) => !protocolClaims.has(type))
  return Object.fromEntries(
    allowed.map(([type, values]) => {
      const all = values.map(({ value }) => value)
      return [type, all.length === 1 ? all[0] : all]
    }),
  )
}

/** Of the user's claims, those that the APIs and their scopes ask for. */
function userClaims(
  { scope, resources, apis }: AuthorizedGrant,
  { user, login, claims }: UserAuthorization,
): Record<string, unknown> {
  const { apiScopes } = selectResources(scope, resources)
  const names = [...apis, ...apiScopes].flatMap((resource) => resource.userClaims ?? [])
  const { auth_time, amr, idp, sid } = login
  return {
    ...selectUserClaims(user, names),
    auth_time,
    amr,
    idp,
    sid,
    // What was asked for singly travels with the token, to be answered at userinfo.
    ...(claims?.userinfo && { userinfo_claims: Object.keys(claims.userinfo) }),
  }
}

/** A token that came of a grant begins with the grant's id, so that it ends when the grant does. */
function createTokenId(grant_id: string | undefined): string {
  return grant_id === undefined ? createHandle() : `${grant_id}.${createHandle()}`
}

/** Whose a token is: for a client's own nobody has signed in, so that its subject is no user. */
export function readOwners({ client_id, sub, auth_time }: AccessTokenClaims): TokenOwners {
  return { client_id, sub: auth_time === undefined ? undefined : sub }
}

/** The grant that a token came of, if it came of one and says so. */
export function readGrantId({ jti }: AccessTokenClaims): string | undefined {
  const dot = jti?.indexOf('.') ?? -1
  return dot === -1 ? undefined : jti?.slice(0, dot)
}
