import type { TestContext } from 'node:test'

import { onTokenEvents, type TokenEvents } from '../src/events.ts'

type TokenEvent = { [Event in keyof TokenEvents]: [Event, TokenEvents[Event]] }[keyof TokenEvents]

/** The events of one client, by its name: tests share the process, and with it the channels. */
export function collectEvents(t: TestContext, client: string): TokenEvent[] {
  const events: TokenEvent[] = []
  const note =
    <Event extends keyof TokenEvents>(event: Event) =>
    (payload: TokenEvents[Event]) => {
      if (payload.client === client) events.push([event, payload] as TokenEvent)
    }
  t.after(
    onTokenEvents({
      requested: note('requested'),
      obtained: note('obtained'),
      renewed: note('renewed'),
      reused: note('reused'),
      failed: note('failed'),
      retried: note('retried'),
      revoked: note('revoked'),
      ended: note('ended'),
      'cache-failed': note('cache-failed'),
    }),
  )
  return events
}
