import { inspect } from 'node:util'

/** What the engine needs of a logger; pino and its children fit. */
export interface Logger {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

export const silentLogger: Logger = { info() {}, warn() {}, error() {} }

/**
 * A logger that neither throws nor rejects: what it is to tell of has been answered, or happens in the
 * background, where a failure would end the process. Its first failure is a warning of the process.
 */
export function harmlessLogger(logger: Logger): Logger {
  let hasFailed = false
  function warn(error: unknown): void {
    if (hasFailed) return
    hasFailed = true
    // Not everything that is thrown can be made a text by itself.
    const reason = error instanceof Error ? error.message : inspect(error)
    process.emitWarning(`the logger of the token service fails, at first with: ${reason}`)
  }
  const write = (level: keyof Logger) => (fields: object, message: string) => {
    try {
      // A function without a result may have one all the same, such as the promise of an async one.
      const written: unknown = logger[level](fields, message)
      if (written !== undefined) Promise.resolve(written).catch(warn)
    } catch (error) {
      warn(error)
    }
  }
  return { info: write('info'), warn: write('warn'), error: write('error') }
}
