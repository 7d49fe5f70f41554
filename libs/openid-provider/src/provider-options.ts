import type { LocalPath } from './browser-response.ts'
import type { SigningAlgorithmName } from './keys/signing-algorithms.ts'

/** What a host may decide about the protocol; each has a default, given with it. */
export interface ProviderOptions {
  /** Default ES256. */
  readonly accessTokenSigningAlgorithm: SigningAlgorithmName
  /** Default RS256, which every client verifies. */
  readonly identityTokenSigningAlgorithm: SigningAlgorithmName
  /** Default RS256. */
  readonly introspectionSigningAlgorithm: SigningAlgorithmName
  /**
   * Puts `<issuer>/resources` into `aud` of every access token, as the original's samples do. Default
   * false: it is there only when the scopes belong to no API, since RFC 9068 asks for an audience.
   */
  readonly emitStaticAudienceClaim: boolean
  /** Writes `scope` into JWTs as an array, as the original does by default. Default false. */
  readonly emitScopesAsArray: boolean
  /** What `acr_values=idp:…` may ask for. Default `local`, the host's own login page, alone. */
  readonly identityProviders: readonly string[]
  /** All clients have to push their requests (RFC 9126). Default false. */
  readonly requirePushedAuthorization: boolean
  /** Seconds for which a pushed request is kept, unless a client says otherwise. Default 600. */
  readonly pushedAuthorizationLifetime: number
  /**
   * A client that authenticates when it pushes its request may bring a redirect URI that it has not
   * registered (RFC 9126 §2.4). Default false.
   */
  readonly allowUnregisteredPushedRedirectUris: boolean
  /**
   * Whether request objects are fetched from a `request_uri` that the client registered. Default
   * `refused`; `publicAddress` fetches by https from public addresses, `anyAddress` from anywhere.
   */
  readonly requestUriParameter: 'refused' | 'publicAddress' | 'anyAddress'
  /** Seconds that the host's stores of clients, resources and users have for each answer. Default 10. */
  readonly storeTimeout: number
}

/** Paths of the host's pages, below the path the routes are mounted at. */
export interface Pages {
  readonly login: LocalPath
  readonly consent: LocalPath
  readonly logout: LocalPath
  readonly error: LocalPath
}

export const defaultOptions: ProviderOptions = {
  accessTokenSigningAlgorithm: 'ES256',
  identityTokenSigningAlgorithm: 'RS256',
  introspectionSigningAlgorithm: 'RS256',
  emitStaticAudienceClaim: false,
  emitScopesAsArray: false,
  identityProviders: ['local'],
  requirePushedAuthorization: false,
  pushedAuthorizationLifetime: 600,
  allowUnregisteredPushedRedirectUris: false,
  requestUriParameter: 'refused',
  storeTimeout: 10,
}

export const defaultPages: Pages = {
  login: '/account/login',
  consent: '/consent',
  logout: '/account/logout',
  error: '/error',
}
