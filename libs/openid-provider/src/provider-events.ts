import { EventEmitter } from 'node:events'

import type { Logger } from './logger.ts'

/**
 * What happens in the token service, for a host's audit trail, metrics or alarms. No payload holds a
 * secret, a code or a token. `client_id` of a failure is what the request claimed.
 */
export interface ProviderEvents {
  clientAuthenticated: [{ client_id: string; method: string }]
  clientAuthenticationFailed: [{ client_id?: string; description: string }]
  apiAuthenticationFailed: [{ api: string; description: string }]
  /** Any refusal of a back-channel endpoint. */
  requestRefused: [{ endpoint: string; client_id?: string; error: string; description: string }]
  authorizationGranted: [{ client_id: string; sub: string; scope: string }]
  /** Nothing of the grant is good any more, also where its `tokenIssued` comes only after this. */
  grantRevoked: [{ grant_id: string; reason: string }]
  userSignedIn: [{ sub: string; sid: string }]
  userSignedOut: [{ sub: string; sid: string }]
  logoutNotificationDelivered: [{ client_id: string; sid: string }]
  /** Until one is `final`, the client is tried again. */
  logoutNotificationFailed: [
    { client_id: string; sid: string; description: string; final: boolean },
  ]
  consentGranted: [{ client_id: string; sub: string; scope: string }]
  grantsRevoked: [{ client_id: string; sub: string }]
  /** `grant_id` is that of the user's grant which the token came of. */
  tokenIssued: [{ client_id: string; grant_type?: string; scope: string; grant_id?: string }]
  tokenIntrospected: [{ caller: string; active: boolean }]
  tokenRevoked: [{ client_id: string }]
  invalidClientConfiguration: [{ client_id: string; problems: string }]
}

/**
 * An event emitter whose listeners cannot break the request that an event tells of, nor keep it from
 * each other, whether they throw or reject.
 */
export class ProviderEventEmitter extends EventEmitter<ProviderEvents> {
  readonly #logger: Logger

  constructor(logger: Logger) {
    super()
    this.#logger = logger
  }

  raise<Name extends keyof ProviderEvents>(name: Name, ...payload: ProviderEvents[Name]): void {
    if (this.listenerCount(name) === 0) return
    for (const listener of this.rawListeners(name)) void this.#tell(listener, name, payload)
  }

  async #tell(listener: unknown, event: string, payload: readonly object[]): Promise<void> {
    try {
      if (typeof listener === 'function') await Reflect.apply(listener, this, payload)
    } catch (error) {
      this.#logger.error({ err: error, event }, 'a listener of the token service failed')
    }
  }
}
