import { AsyncLocalStorage } from 'node:async_hooks'
import { channel, subscribe, unsubscribe } from 'node:diagnostics_channel'

/** Which token an event is about: the client's name, and what was asked for. */
export interface TokenSubject {
  readonly client: string
  /** The user's session, by its `id`; absent when the client acts for itself. */
  readonly session?: string
  readonly scope?: string
  readonly resource?: string
}

/**
 * What can be seen of token management. Each event is published on the `node:diagnostics_channel`
 * named `@basics/token-management:<event>`, with this payload; a payload never holds a token.
 */
export interface TokenEvents {
  /** A token request is about to be sent. `attempt` counts from 1 within one renewal. */
  requested: TokenSubject & { readonly attempt: number }
  /** The first token for this client, scope and resource. `expires_in`: seconds it is good for. */
  obtained: TokenSubject & { readonly expires_in: number }
  /** A token has taken the place of an earlier one. */
  renewed: TokenSubject & { readonly expires_in: number }
  /** A call uses a token that is there already: in this process, in the cache it shares, in the session. */
  reused: TokenSubject & {
    readonly expires_in: number
    readonly from: 'memory' | 'cache' | 'session'
  }
  /** A token request has failed. `retry_in`: seconds in which no other is made. */
  failed: TokenSubject & { readonly error: string; readonly retry_in: number }
  /** An API answered 401, the call was repeated with a renewed token and got this status. */
  retried: TokenSubject & { readonly url: string; readonly status: number }
  /** The user's refresh token was revoked: at sign-out, or because the app said so. */
  revoked: TokenSubject
  /** The token service accepts the user's refresh token no more, so the session has ended. */
  ended: TokenSubject & { readonly error: string }
  /** The shared cache threw, or did not answer in time; it was done without. */
  'cache-failed': TokenSubject & {
    readonly operation: 'get' | 'set' | 'remove'
    readonly error: string
  }
}

/** An event together with its name. */
export type TokenEvent = {
  [Event in keyof TokenEvents]: { readonly event: Event } & TokenEvents[Event]
}[keyof TokenEvents]

type TokenEventListeners = {
  readonly [Event in keyof TokenEvents]?: (payload: TokenEvents[Event]) => void
}

const recorder = new AsyncLocalStorage<TokenEvent[]>()

/**
 * Subscribes to the events of token management in this process, with their payloads typed. Anything
 * that knows a channel's name can subscribe without it.
 *
 * @returns Ends the subscription.
 * @see {@link https://nodejs.org/api/diagnostics_channel.html#diagnostics-channel node:diagnostics_channel}
 */
export function onTokenEvents(listeners: TokenEventListeners): () => void {
  const subscriptions = Object.entries(listeners).map(([event, listener]) => ({
    name: channelName(event),
    listener: listener as (payload: unknown) => void,
  }))
  for (const { name, listener } of subscriptions) subscribe(name, listener)
  return () => {
    for (const { name, listener } of subscriptions) unsubscribe(name, listener)
  }
}

export function publish<Event extends keyof TokenEvents>(
  event: Event,
  payload: TokenEvents[Event],
): void {
  channel(channelName(event)).publish(payload)
  recorder.getStore()?.push({ event, ...payload } as TokenEvent)
}

/** Does the work, and adds to `events` what is published by it: not by others at the same time. */
export function recordEvents<Result>(events: TokenEvent[], work: () => Result): Result {
  return recorder.run(events, work)
}

function channelName(event: string): string {
  return `@basics/token-management:${event}`
}
