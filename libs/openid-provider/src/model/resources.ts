import type { Secret } from './secret.ts'

/** What scopes, APIs and groups of user claims have in common. */
interface Resource {
  /** Default true; false hides it from everyone. */
  readonly enabled?: boolean
  /** A scope value, or the audience of an API. No two scopes, and no two APIs, have the same. */
  readonly name: string
  /** Shown to users on the consent page. */
  readonly displayName?: string
  /** Shown to users on the consent page, below the name. */
  readonly description?: string
  /** Default true; false leaves it out of `scopes_supported`. */
  readonly showInDiscoveryDocument?: boolean
  /** Claims of the user that this resource makes appear in tokens or at userinfo. */
  readonly userClaims?: readonly string[]
}

/** Something a client may ask to do at an API. */
export interface ApiScope extends Resource {
  /** The user cannot untick it on the consent page. Default false. */
  readonly required?: boolean
  /** The consent page draws attention to it. Default false. */
  readonly emphasize?: boolean
}

/** An API: its name is the audience of the access tokens that carry one of its scopes. */
export interface ApiResource extends Resource {
  /** Names of the API scopes that this API serves. */
  readonly scopes: readonly string[]
  /** What the API proves its identity with at the introspection endpoint. */
  readonly apiSecrets?: readonly Secret[]
  /** Only requests that name this API in `resource` (RFC 8707) get its audience. Default false. */
  readonly requireResourceIndicator?: boolean
  /**
   * JWS algorithms this API verifies, of RS256, PS256, ES256 and ES384; by default whatever the token
   * service signs with.
   */
  readonly allowedAccessTokenSigningAlgorithms?: readonly string[]
}

/** A group of claims about the user, under one scope. */
export interface IdentityResource extends Resource {
  /** The claims that the scope stands for. */
  readonly userClaims: readonly string[]
  /** The user cannot untick it on the consent page. Default false. */
  readonly required?: boolean
  /** The consent page draws attention to it. Default false. */
  readonly emphasize?: boolean
}

export interface Resources {
  readonly identityResources: readonly IdentityResource[]
  readonly apiScopes: readonly ApiScope[]
  readonly apiResources: readonly ApiResource[]
}

/** Of resources, those that a scope stands for, with every API that has one of its values. */
export function selectResources(scope: readonly string[], resources: Resources): Resources {
  const isNamed = ({ name }: Resource) => scope.includes(name)
  return {
    identityResources: resources.identityResources.filter(isNamed),
    apiScopes: resources.apiScopes.filter(isNamed),
    apiResources: resources.apiResources.filter(({ scopes }) =>
      scopes.some((name) => scope.includes(name)),
    ),
  }
}

/**
 * The standard scopes and their claims.
 *
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#ScopeClaims OIDC Core §5.4}
 */
export const IdentityResources = {
  openid: {
    name: 'openid',
    displayName: 'Your user identifier',
    required: true,
    userClaims: ['sub'],
  },
  profile: {
    name: 'profile',
    displayName: 'User profile',
    description: 'Your name, picture, website and the like',
    emphasize: true,
    userClaims: [
      'name',
      'family_name',
      'given_name',
      'middle_name',
      'nickname',
      'preferred_username',
      'profile',
      'picture',
      'website',
      'gender',
      'birthdate',
      'zoneinfo',
      'locale',
      'updated_at',
    ],
  },
  email: {
    name: 'email',
    displayName: 'Your email address',
    emphasize: true,
    userClaims: ['email', 'email_verified'],
  },
  phone: {
    name: 'phone',
    displayName: 'Your phone number',
    emphasize: true,
    userClaims: ['phone_number', 'phone_number_verified'],
  },
  address: {
    name: 'address',
    displayName: 'Your postal address',
    emphasize: true,
    userClaims: ['address'],
  },
} as const satisfies Record<string, IdentityResource>
