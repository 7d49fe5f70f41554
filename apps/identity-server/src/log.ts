import { readChoice } from '@basics/sample-kit'
import { type Logger, pino } from 'pino'
import pretty from 'pino-pretty'

const levels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']

/**
 * One JSON object a line in production, for a machine to collect; lines for a person otherwise. What
 * the token service logs holds no secret, code or token by itself; `redact` is the second fence.
 * `LOG_LEVEL` that is no level ends the process with a sentence.
 */
export const log: Logger = pino(
  {
    level: readChoice('LOG_LEVEL', 'info', levels),
    base: null,
    redact: ['*.client_secret', '*.client_assertion', '*.password', '*.authorization', '*.cookie'],
  },
  process.env.NODE_ENV === 'production'
    ? pino.destination(1)
    : pretty({
        sync: true,
        singleLine: true,
        translateTime: 'HH:MM:ss',
        colorize: process.stdout.isTTY === true,
      }),
)
