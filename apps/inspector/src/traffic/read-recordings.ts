import type { RecordedMessage, Recording } from '../recording.ts'

/**
 * The recordings in a body that a recorder sent.
 *
 * @throws TypeError when it is none: whatever else is on this machine can send to the inspector, too.
 */
export function readRecordings(body: unknown): Recording[] {
  if (!Array.isArray(body) || !body.every(isRecording))
    throw new TypeError('expected an array of recordings')
  return body
}

function isRecording(value: unknown): value is Recording {
  if (!isObject(value)) return false
  const { side, app, connection, method, url, startedAt, endedAt, request, response, error } = value
  return (
    (side === 'client' || side === 'server') &&
    [app, connection, method].every((text) => typeof text === 'string') &&
    typeof url === 'string' &&
    URL.canParse(url) &&
    [startedAt, endedAt].every(Number.isFinite) &&
    isMessage(request) &&
    (response === undefined || (isMessage(response) && Number.isInteger(response.status))) &&
    ['undefined', 'string'].includes(typeof error)
  )
}

function isMessage(value: unknown): value is RecordedMessage & { status?: unknown } {
  return (
    isObject(value) &&
    typeof value.body === 'string' &&
    Array.isArray(value.headers) &&
    value.headers.every(isPair)
  )
}

function isPair(value: unknown): boolean {
  return (
    Array.isArray(value) && value.length === 2 && value.every((part) => typeof part === 'string')
  )
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
