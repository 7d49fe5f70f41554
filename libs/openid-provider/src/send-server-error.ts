import type { ServerResponse } from 'node:http'

import { OAuthError } from '@basics/protocol'

import type { Logger } from './logger.ts'
import { sendRefusal } from './send-refusal.ts'

/**
 * Answers that the token service failed where no endpoint is there to say so. What failed is for the
 * log: a web framework might show it to whoever asked.
 */
export function sendServerError(res: ServerResponse, error: unknown, logger: Logger): void {
  logger.error({ err: error }, 'a request failed')
  sendRefusal(res, new OAuthError('server_error', 'the token service failed; its log says why'))
}
