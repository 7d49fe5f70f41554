import type { IncomingMessage } from 'node:http'

import type { ReceivedRequest } from './authorization-request/received-request.ts'
import type { AuthorizationCode, RefreshToken } from './grants/granted-access.ts'
import { type RevocableHandles, revocable } from './grants/revoke-grant.ts'
import type { HttpHandler } from './http-handler.ts'
import { inferredIssuer } from './inferred-issuer.ts'
import type { KeyRing } from './keys/key-ring.ts'
import type { SigningAlgorithmName } from './keys/signing-algorithms.ts'
import { harmlessLogger, type Logger, silentLogger } from './logger.ts'
import { problemWithIssuer } from './model/issuer.ts'
import type { UserStore } from './model/user.ts'
import { ProviderEventEmitter } from './provider-events.ts'
import {
  defaultOptions,
  defaultPages,
  type Pages,
  type ProviderOptions,
} from './provider-options.ts'
import { type RegisteredClients, registeredClients } from './registered-clients.ts'
import { type RegisteredResources, registeredResources } from './registered-resources.ts'
import { type RegisteredUsers, registeredUsers } from './registered-users.ts'
import { type BackChannelLogout, backChannelLogout } from './sessions/back-channel-logout.ts'
import type { ErrorContext } from './sessions/interaction.ts'
import { type LoginSessions, loginSessions } from './sessions/login-sessions.ts'
import type { LogoutRequest } from './sessions/logout-request.ts'
import { type WaitingRequest, waitingRequestType } from './sessions/waiting-request.ts'
import type { ClientStore } from './stores/client-store.ts'
import { type Handles, handlesOf } from './stores/handles.ts'
import { memoryStore } from './stores/memory/memory-store.ts'
import type { ResourceStore } from './stores/resource-store.ts'
import type { Store } from './stores/store.ts'
import type { ReferenceToken } from './tokens/reference-token.ts'

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
  /** Default: nobody, for a service that serves machines alone. */
  readonly users?: UserStore
  readonly keys: KeyRing
  /** Where the host's pages are; by default where the original has them. */
  readonly pages?: Partial<Pages>
  /** Codes, tokens and sessions. Default: in memory, gone with the process. */
  readonly store?: Store
  readonly logger?: Logger
  /** Milliseconds since the epoch. */
  readonly now?: () => number
  readonly options?: Partial<ProviderOptions>
}

/** What endpoints work with: the configuration, complete, at one issuer. */
export interface Provider {
  readonly issuer: string
  readonly clients: RegisteredClients
  readonly resources: RegisteredResources
  readonly keys: KeyRing
  readonly users: RegisteredUsers
  readonly pages: Pages
  readonly store: Store
  readonly sessions: LoginSessions
  readonly backChannelLogout: BackChannelLogout
  readonly pushedRequests: Handles<ReceivedRequest>
  readonly waitingRequests: Handles<WaitingRequest>
  readonly logoutRequests: Handles<LogoutRequest>
  readonly errors: Handles<ErrorContext>
  readonly authorizationCodes: RevocableHandles<AuthorizationCode>
  readonly refreshTokens: RevocableHandles<RefreshToken>
  readonly referenceTokens: RevocableHandles<ReferenceToken>
  readonly events: ProviderEventEmitter
  readonly logger: Logger
  readonly now: () => number
  readonly options: ProviderOptions
}

/** A provider whose issuer may have to be told by each request. */
export interface ProviderHost extends Provider {
  /** The provider as the request sees it. */
  at(requestOrigin: () => string): Provider
  /** The issuer, for a page of the host: the configured one, or what the routes have seen of the request. */
  issuerAt(req: IncomingMessage): string
  /** The routes as they are to be mounted. */
  mountable(routes: HttpHandler): HttpHandler
}

const noUsers: UserStore = { findUserBySub: () => undefined }

/** @throws {Error} when the issuer is not one, or the key ring lacks an algorithm that is to sign. */
export function readConfiguration(configuration: ProviderConfiguration): ProviderHost {
  const { keys, users = noUsers } = configuration
  const { issuer = '', now = Date.now } = configuration
  const logger = harmlessLogger(configuration.logger ?? silentLogger)
  const { store = memoryStore({ now }) } = configuration
  const options = { ...defaultOptions, ...configuration.options }
  if (issuer !== '') requireIssuer(issuer)
  for (const [name, value] of Object.entries(options))
    if (name.endsWith('SigningAlgorithm')) keys.signingKey(value as SigningAlgorithmName)

  const inferred = inferredIssuer(logger)
  const issuerAt = (req: IncomingMessage) => issuer || inferred.at(req)
  const events = new ProviderEventEmitter(logger)
  const clients = registeredClients(configuration.clients, {
    events,
    logger,
    timeout: options.storeTimeout,
  })
  const handles = <T extends object>(type: string) => handlesOf<T>(store, type, now)
  const provider: Provider = {
    issuer,
    clients,
    resources: registeredResources(configuration.resources, options.storeTimeout),
    users: registeredUsers(users, options.storeTimeout),
    keys,
    pages: { ...defaultPages, ...configuration.pages },
    store,
    sessions: loginSessions({
      store,
      now,
      issuerAt,
    }),
    backChannelLogout: backChannelLogout({ store, clients, keys, options, events, logger, now }),
    pushedRequests: handles('pushed_authorization_request'),
    waitingRequests: handles(waitingRequestType),
    logoutRequests: handles('logout_request'),
    errors: handles('error'),
    authorizationCodes: revocable(handles('authorization_code'), store),
    refreshTokens: revocable(handles('refresh_token'), store),
    referenceTokens: revocable(handles('reference_token'), store),
    events,
    logger,
    now,
    options,
  }
  return {
    ...provider,
    at: (requestOrigin) => (issuer !== '' ? provider : { ...provider, issuer: requestOrigin() }),
    issuerAt,
    mountable: (routes) => (issuer !== '' ? routes : inferred.notedBy(routes)),
  }
}

function requireIssuer(issuer: string): void {
  const problem = problemWithIssuer(issuer)
  if (problem !== undefined) throw new Error(`issuer ${problem}`)
}
