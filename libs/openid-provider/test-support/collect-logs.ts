import type { Logger } from '../src/logger.ts'

interface LogLine {
  readonly level: keyof Logger
  readonly fields: Record<string, unknown>
  readonly message: string
}

/** A logger, and the lines it was given, without the fields that JSON leaves out. */
export function collectLogs(): { logger: Logger; lines: LogLine[] } {
  const lines: LogLine[] = []
  const write = (level: keyof Logger) => (fields: object, message: string) => {
    const written = Object.entries(fields).filter(([, value]) => value !== undefined)
    lines.push({ level, fields: Object.fromEntries(written), message })
  }
  return { logger: { info: write('info'), warn: write('warn'), error: write('error') }, lines }
}
