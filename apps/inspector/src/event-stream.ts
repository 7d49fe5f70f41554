import type { RequestHandler, Response } from 'express'

import type { ExchangeHistory } from './traffic/exchange-history.ts'
import { type Summary, summarize } from './traffic/summary.ts'

/** What happened, and the least id of those that are kept: a page that is open forgets with its inspector. */
export interface ExchangeEvent {
  readonly exchange: Summary
  readonly oldest: number
}

/** Milliseconds between signs of life, for whatever in between cuts off who says nothing. */
const heartbeat = 20_000

/**
 * Shows a page the history so far (`history`), then each exchange as it happens (`exchange`; again when
 * more is known of it), and when all were removed (`cleared`).
 *
 * @returns The handler, and what ends all streams, else the server could not stop.
 * @see {@link https://html.spec.whatwg.org/multipage/server-sent-events.html#server-sent-events HTML §9.2}
 */
export function eventStream(history: ExchangeHistory) {
  const streams = new Set<Response>()

  const handler: RequestHandler = (_req, res) => {
    res.set({ 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' })
    send(res, 'history', history.all().map(summarize))
    const unsubscribe = history.subscribe((event) => {
      if (event === 'cleared') send(res, 'cleared', {})
      else {
        const oldest = history.oldest()?.id ?? event.id
        send(res, 'exchange', { exchange: summarize(event), oldest } satisfies ExchangeEvent)
      }
    })
    const timer = setInterval(() => res.write(':\n\n'), heartbeat)
    streams.add(res)
    res.on('close', () => {
      streams.delete(res)
      clearInterval(timer)
      unsubscribe()
    })
  }

  return {
    handler,
    end(): void {
      for (const stream of streams) stream.end()
    },
  }
}

function send(res: Response, event: string, data: unknown): void {
  res.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
}
