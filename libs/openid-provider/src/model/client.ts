import type { Secret } from './secret.ts'

/**
 * A client as its registration says it: only `clientId` and `allowedGrantTypes` are needed, everything
 * else has a default, given with each property. Names and meanings are Duende IdentityServer's; where a
 * specification has its own name (RFC 7591, OpenID Connect Registration), docs/duende-map.md gives it.
 * No lifetime is longer than 100 years.
 */
export interface Client {
  /** Default true; a disabled client is treated as unknown, and its tokens as expired. */
  readonly enabled?: boolean
  /** At most 100 printable ASCII characters. */
  readonly clientId: string
  /** Shown to users on the consent, grants and logout pages. */
  readonly clientName?: string
  /** For whoever administers it. */
  readonly description?: string
  /** The client's home page, linked from the consent page: an http or https URL. */
  readonly clientUri?: string
  /** The client's logo, shown on the consent and grants pages: an http or https URL, or `data:image/…`. */
  readonly logoUri?: string

  /** Several may coexist, so that a secret can be replaced without an outage. Default none. */
  readonly clientSecrets?: readonly Secret[]
  /**
   * Default true; false makes a public client, which cannot keep a secret (RFC 6749 §2.1). Default false
   * for one that has none and no grant but `implicit`.
   */
  readonly requireClientSecret?: boolean
  /**
   * Default true: the audience of a client assertion is the issuer and nothing else. False also takes
   * the URLs of the token endpoint and of that for pushed requests, and lists, for clients from before
   * the 2025 advisories on RFC 7523.
   */
  readonly strictAssertionAudience?: boolean

  /** See `GrantTypes` for the combinations that make sense. */
  readonly allowedGrantTypes: readonly string[]
  /** Names of API scopes and identity resources. Default none. */
  readonly allowedScopes?: readonly string[]
  /** May the client ask for `offline_access`, that is for refresh tokens? Default false. */
  readonly allowOfflineAccess?: boolean

  /** Where authorization responses may go; compared as exact strings. Default none. */
  readonly redirectUris?: readonly string[]
  /** Where the browser may go after logout; compared as exact strings. Default none. */
  readonly postLogoutRedirectUris?: readonly string[]
  /** Loaded in the browser when the user's session ends; has the origin of one of `redirectUris`. */
  readonly frontChannelLogoutUri?: string
  /** Default true: `iss` and `sid` are added to `frontChannelLogoutUri`. */
  readonly frontChannelLogoutSessionRequired?: boolean
  /** Told by the token service itself when the user's session ends. */
  readonly backChannelLogoutUri?: string
  /** Default true: the client needs `sid` in logout tokens. They carry it all the same when this is false. */
  readonly backChannelLogoutSessionRequired?: boolean
  /** Origins (scheme, host, port) whose scripts may call the token service. Default none. */
  readonly allowedCorsOrigins?: readonly string[]

  /** Default true: code and hybrid flows need a `code_challenge` (RFC 7636). A public client's always do. */
  readonly requirePkce?: boolean
  /** Default false: authorization requests must be signed (RFC 9101). */
  readonly requireRequestObject?: boolean
  /** Where request objects may be fetched from, if the host fetches any. Default none. */
  readonly requestUris?: readonly string[]
  /** Default false: authorization requests must be pushed (RFC 9126). */
  readonly requirePushedAuthorization?: boolean
  /** Seconds for which a pushed request is kept; by default as the token service says. */
  readonly pushedAuthorizationLifetime?: number
  /**
   * Default false: response types that hand an access token to the browser are refused. They are legacy
   * (RFC 9700 §2.1.2): the token shows in the address, and in what keeps addresses.
   */
  readonly allowAccessTokensViaBrowser?: boolean
  /** Default false: the user is not asked for consent. */
  readonly requireConsent?: boolean
  /** Default true: the user may have consent remembered. */
  readonly allowRememberConsent?: boolean

  /** Default `jwt`; `reference` issues a handle that the API has to introspect. */
  readonly accessTokenType?: 'jwt' | 'reference'
  /** Seconds, default 3600. */
  readonly accessTokenLifetime?: number
  /** Seconds, default 300. */
  readonly identityTokenLifetime?: number
  /** Seconds, default 300. */
  readonly authorizationCodeLifetime?: number
  /**
   * `reUse`: a refresh token stays the same. `oneTimeOnly`: each use brings a new one, and using an old
   * one again revokes them all. Default `reUse`; for a public client `oneTimeOnly`, and nothing else
   * (RFC 9700 §2.2.2).
   */
  readonly refreshTokenUsage?: 'reUse' | 'oneTimeOnly'
  /**
   * `absolute`: a refresh token ends a fixed time after the user granted it. `sliding`: each use
   * prolongs it, up to the absolute lifetime. Default `absolute`.
   */
  readonly refreshTokenExpiration?: 'absolute' | 'sliding'
  /** Seconds, default 2592000 (30 days). With `sliding`, 0 means without limit. */
  readonly absoluteRefreshTokenLifetime?: number
  /** Seconds, default 1296000 (15 days). */
  readonly slidingRefreshTokenLifetime?: number
  /** Default false: ID Tokens name the user, and the claims are to be had at userinfo. */
  readonly alwaysIncludeUserClaimsInIdToken?: boolean
  /** Seconds for which remembered consent holds; by default until it is taken back. */
  readonly consentLifetime?: number
  /** Seconds for which a login counts for this client; by default as long as the session. */
  readonly userSsoLifetime?: number
  /** Default true: access tokens carry `jti`. Without it a JWT cannot be revoked, neither alone nor with its grant. */
  readonly includeJwtId?: boolean

  /** Claims about the client itself, for its access tokens. Default none. */
  readonly claims?: readonly ClientClaim[]
  /** Default false: `claims` go only into tokens that concern no user. */
  readonly alwaysSendClientClaims?: boolean
  /** Put before the type of each of `claims`, so that none poses as a user's. Default `client_`. */
  readonly clientClaimsPrefix?: string

  /** For the host's own use. Default none. */
  readonly properties?: Readonly<Record<string, string>>
}

export interface ClientClaim {
  /** The name of the claim, before `clientClaimsPrefix` is put in front. */
  readonly type: string
  /** Of the type that it has in the token. */
  readonly value: string | number | boolean
}

/** The properties that stay absent when a registration does not name them. */
type Optional =
  | 'clientName'
  | 'description'
  | 'clientUri'
  | 'logoUri'
  | 'frontChannelLogoutUri'
  | 'backChannelLogoutUri'
  | 'pushedAuthorizationLifetime'
  | 'consentLifetime'
  | 'userSsoLifetime'

/** A client as the engine sees it: complete and checked. Only `registerClient` makes one. */
export type RegisteredClient = Required<Omit<Client, Optional>> & Pick<Client, Optional>

export const clientDefaults = {
  enabled: true,
  clientSecrets: [],
  requireClientSecret: true,
  strictAssertionAudience: true,
  allowedScopes: [],
  allowOfflineAccess: false,
  redirectUris: [],
  postLogoutRedirectUris: [],
  frontChannelLogoutSessionRequired: true,
  backChannelLogoutSessionRequired: true,
  allowedCorsOrigins: [],
  requirePkce: true,
  requireRequestObject: false,
  requestUris: [],
  requirePushedAuthorization: false,
  allowAccessTokensViaBrowser: false,
  requireConsent: false,
  allowRememberConsent: true,
  accessTokenType: 'jwt',
  accessTokenLifetime: 3600,
  identityTokenLifetime: 300,
  authorizationCodeLifetime: 300,
  refreshTokenUsage: 'reUse',
  refreshTokenExpiration: 'absolute',
  absoluteRefreshTokenLifetime: 2_592_000,
  slidingRefreshTokenLifetime: 1_296_000,
  alwaysIncludeUserClaimsInIdToken: false,
  includeJwtId: true,
  claims: [],
  alwaysSendClientClaims: false,
  clientClaimsPrefix: 'client_',
  properties: {},
} as const satisfies Omit<RegisteredClient, 'clientId' | 'allowedGrantTypes' | Optional>
