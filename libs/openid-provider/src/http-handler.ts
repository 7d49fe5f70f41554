import type { IncomingMessage, ServerResponse } from 'node:http'

/**
 * Answers a request, or hands it on to `next`, with an error where there is one. It can be called for
 * each request of a server of node:http, and mounted in an Express app. An answer may have begun when
 * `next` is called with an error: `res.headersSent` tells.
 */
export type HttpHandler = (
  req: IncomingMessage,
  res: ServerResponse,
  next: (error?: unknown) => void,
) => void | Promise<void>
