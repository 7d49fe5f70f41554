import type { RecordedMessage, Recording } from '../recording.ts'

/**
 * Milliseconds: what a `Date` can hold, and the times of an export are made of.
 *
 * @see {@link https://tc39.es/ecma262/#sec-time-values-and-time-range ECMAScript §21.4.1.1}
 */
const latestTime = 8.64e15

/**
 * The recordings in a body that a recorder sent, without what else stands in there: it would be kept with them.
 *
 * @throws TypeError when it is none: whatever else is on this machine can send to the inspector, too.
 */
export function readRecordings(body: unknown): Recording[] {
  if (!Array.isArray(body) || !body.every(isRecording))
    throw new TypeError('expected an array of recordings')
  return body.map(createRecording)
}

function createRecording({ request, response, ...recording }: Recording): Recording {
  const { side, app, connection, method, url, startedAt, endedAt, error } = recording
  return {
    side,
    app,
    connection,
    method,
    url,
    startedAt,
    endedAt,
    request: createMessage(request),
    ...(response && { response: { status: response.status, ...createMessage(response) } }),
    ...(error !== undefined && { error }),
  }
}

function createMessage({ headers, body, omitted }: RecordedMessage): RecordedMessage {
  return { headers, body, ...(omitted !== undefined && { omitted }) }
}

function isRecording(value: unknown): value is Recording {
  if (!isObject(value)) return false
  const { side, app, connection, method, url, startedAt, endedAt, request, response, error } = value
  return (
    (side === 'client' || side === 'server') &&
    [app, connection, method].every((text) => typeof text === 'string') &&
    typeof url === 'string' &&
    URL.canParse(url) &&
    [startedAt, endedAt].every(isTime) &&
    isMessage(request) &&
    (response === undefined || (isMessage(response) && Number.isInteger(response.status))) &&
    ['undefined', 'string'].includes(typeof error)
  )
}

function isTime(value: unknown): boolean {
  return typeof value === 'number' && Math.abs(value) <= latestTime
}

function isMessage(value: unknown): value is RecordedMessage & { status?: unknown } {
  return (
    isObject(value) &&
    typeof value.body === 'string' &&
    [undefined, 'rest', 'binary'].includes(value.omitted as string | undefined) &&
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
