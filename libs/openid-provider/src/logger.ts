/** What the engine needs of a logger; pino and its children fit. */
export interface Logger {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

export const silentLogger: Logger = { info() {}, warn() {}, error() {} }
