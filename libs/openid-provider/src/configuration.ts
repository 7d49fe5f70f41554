import type { KeyRing } from './keys/key-ring.ts'
import type { SigningAlgorithmName } from './keys/signing-algorithms.ts'
import { type Logger, silentLogger } from './logger.ts'
import { ProviderEventEmitter } from './provider-events.ts'
import { type RegisteredClients, registeredClients } from './registered-clients.ts'
import type { ClientStore } from './stores/client-store.ts'
import { type Handles, handlesOf } from './stores/handles.ts'
import { memoryStore } from './stores/memory/memory-store.ts'
import type { ResourceStore } from './stores/resource-store.ts'
import type { Store } from './stores/store.ts'
import type { AccessTokenClaims } from './tokens/access-token.ts'

/** What a host supplies. */
export interface ProviderConfiguration {
  /**
   * The issuer identifier: an https URL (http for local use) without query, fragment and trailing
   * slash. Absent or empty: taken from each request, which is only safe behind a proxy that sets Host.
   *
   * @see {@link https://www.rfc-editor.org/rfc/rfc8414.html#section-2 RFC 8414 §2}
   */
  readonly issuer?: string
  readonly clients: ClientStore
  readonly resources: ResourceStore
  readonly keys: KeyRing
  /** Codes, tokens and sessions. Default: in memory, gone with the process. */
  readonly store?: Store
  readonly logger?: Logger
  /** Milliseconds since the epoch. */
  readonly now?: () => number
  readonly options?: Partial<ProviderOptions>
}

export interface ProviderOptions {
  /** Default ES256. */
  readonly accessTokenSigningAlgorithm: SigningAlgorithmName
  /** Default RS256. */
  readonly introspectionSigningAlgorithm: SigningAlgorithmName
  /**
   * Puts `<issuer>/resources` into `aud` of every access token, as the original's samples do. Default
   * false: it is there only when the scopes belong to no API, since RFC 9068 asks for an audience.
   */
  readonly emitStaticAudienceClaim: boolean
  /** Writes `scope` into JWTs as an array, as the original does by default. Default false. */
  readonly emitScopesAsArray: boolean
}

/** What endpoints work with: the configuration, complete, at one issuer. */
export interface Provider {
  readonly issuer: string
  readonly clients: RegisteredClients
  readonly resources: ResourceStore
  readonly keys: KeyRing
  readonly store: Store
  readonly referenceTokens: Handles<AccessTokenClaims>
  readonly events: ProviderEventEmitter
  readonly logger: Logger
  readonly now: () => number
  readonly options: ProviderOptions
}

/** A provider whose issuer may have to be told by each request. */
export interface ProviderHost extends Provider {
  /** The provider as the request sees it. */
  at(requestOrigin: () => string): Provider
}

const defaultOptions: ProviderOptions = {
  accessTokenSigningAlgorithm: 'ES256',
  introspectionSigningAlgorithm: 'RS256',
  emitStaticAudienceClaim: false,
  emitScopesAsArray: false,
}

/** @throws {Error} when the issuer is not one, or the key ring lacks an algorithm that is to sign. */
export function readConfiguration(configuration: ProviderConfiguration): ProviderHost {
  const { resources, keys, logger = silentLogger, now = Date.now } = configuration
  const options = { ...defaultOptions, ...configuration.options }
  for (const alg of [options.accessTokenSigningAlgorithm, options.introspectionSigningAlgorithm])
    keys.signingKey(alg)

  const issuer = configuration.issuer ?? ''
  if (issuer !== '') requireIssuer(issuer)
  const store = configuration.store ?? memoryStore({ now })
  const events = new ProviderEventEmitter(logger)
  const clients = registeredClients(configuration.clients, events, logger)
  const referenceTokens = handlesOf<AccessTokenClaims>(store, 'reference_token', now)
  const provider: Provider = {
    issuer,
    clients,
    resources,
    keys,
    store,
    referenceTokens,
    events,
    logger,
    now,
    options,
  }
  return {
    ...provider,
    at: (requestOrigin) => (issuer !== '' ? provider : { ...provider, issuer: requestOrigin() }),
  }
}

function requireIssuer(issuer: string): void {
  const url = URL.parse(issuer)
  const isIssuer = url?.protocol === 'https:' || url?.protocol === 'http:'
  if (!isIssuer || /[?#\s]|\/$/.test(issuer) || url.username !== '' || url.password !== '')
    throw new Error(
      `issuer is '${issuer}'; expected an http(s) URL without query, fragment, user name and ` +
        "trailing slash, such as 'https://login.example'",
    )
}
