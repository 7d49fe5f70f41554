import type { Provider } from '../configuration.ts'
import type { AuthorizedGrant } from '../grants/grant.ts'
import type { RegisteredClient } from '../model/client.ts'
import type { ApiResource } from '../model/resources.ts'
import { createHandle } from '../stores/handles.ts'

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
export function createAccessToken(
  { client, scope, apis }: AuthorizedGrant,
  provider: Provider,
): AccessTokenClaims {
  const iat = Math.floor(provider.now() / 1000)
  return {
    ...clientClaims(client),
    iss: provider.issuer,
    nbf: iat,
    iat,
    exp: iat + client.accessTokenLifetime,
    aud: audienceClaim(apis, provider),
    scope: scope.join(' '),
    client_id: client.clientId,
    // Without a user, the subject is the client itself (RFC 9068 §2.2).
    sub: client.clientId,
    ...(client.includeJwtId && { jti: createHandle() }),
  }
}

/** An API that no resource describes gets the default audience, since `aud` is required (RFC 9068 §3). */
function audienceClaim(apis: readonly ApiResource[], { issuer, options }: Provider) {
  const names = apis.map(({ name }) => name)
  const isStatic = options.emitStaticAudienceClaim || names.length === 0
  const all = isStatic ? [...names, `${issuer}/resources`] : names
  return all.length === 1 && all[0] !== undefined ? all[0] : all
}

/** The host's own claims come first, so that none can stand in for one of the protocol's. */
function clientClaims({ claims, clientClaimsPrefix }: RegisteredClient): Record<string, unknown> {
  const byType = Map.groupBy(claims, ({ type }) => `${clientClaimsPrefix}${type}`)
  return Object.fromEntries(
    [...byType].map(([type, values]) => {
      const all = values.map(({ value }) => value)
      return [type, all.length === 1 ? all[0] : all]
    }),
  )
}
