import type { IncomingMessage, ServerResponse } from 'node:http'

import { OAuthError } from '@basics/protocol'

import type { HttpHandler } from './http-handler.ts'
import type { Logger } from './logger.ts'
import { requestOrigin } from './request-origin.ts'
import { sendRefusal } from './send-refusal.ts'

/** An issuer that nobody configured: each request tells it, by where it was sent and where the routes are. */
export interface InferredIssuer {
  /**
   * The routes, which from then on leave in each request a note of where they are mounted. A request that
   * tells no issuer is answered with 400, whatever its path.
   */
  notedBy(routes: HttpHandler): HttpHandler
  /**
   * @throws {OAuthError} when a request that has not passed the routes tells no issuer.
   * @throws {Error} when the request has come to a page of the host without passing the routes.
   */
  at(req: IncomingMessage): string
}

/**
 * What the routes see is what counts, also for a page of the host: in a router of its own it is mounted
 * elsewhere, and a cookie for that path would never be sent to the routes.
 */
export function inferredIssuer(logger: Logger): InferredIssuer {
  const noted = new WeakMap<IncomingMessage, string>()

  /** Whether the request told its issuer; one that did not has been answered. */
  function note(req: IncomingMessage, res: ServerResponse): boolean {
    try {
      noted.set(req, requestOrigin(req))
      return true
    } catch (error) {
      if (!(error instanceof OAuthError)) throw error
      sendRefusal(res, error)
      logger.info({ outcome: error.error, description: error.message }, 'a request was refused')
      return false
    }
  }

  return {
    notedBy: (routes) => (req, res, next) => {
      try {
        if (!note(req, res)) return
      } catch (error) {
        return next(error)
      }
      return routes(req, res, next)
    },
    at(req) {
      // Without Express everything is mounted at the root.
      const issuer = noted.get(req) ?? ('baseUrl' in req ? undefined : requestOrigin(req))
      if (issuer !== undefined) return issuer
      throw new Error(
        'the issuer cannot be told from a request that has not passed provider.routes: ' +
          'mount the pages after them and below the same path, or configure the issuer',
      )
    },
  }
}
