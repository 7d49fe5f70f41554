import type { Socket } from 'node:net'

import type { RecordedMessage, Recording } from '../recording.ts'
import { readHeaderLines } from './header-lines.ts'
import { isIgnored } from './ignored.ts'
import { now } from './now.ts'
import { recordedBody } from './recorded-body.ts'
import { readRequestUrl } from './request-url.ts'
import { watchChannels } from './watch-channels.ts'

/** The request as undici, the client behind `fetch`, tells of it. It is the same object on each channel. */
interface FetchRequest {
  readonly origin: string | URL
  readonly path: string
  readonly method: string
}

interface UnderWay {
  readonly startedAt: number
  readonly requestBody: ReturnType<typeof recordedBody>
  readonly responseBody: ReturnType<typeof recordedBody>
  connection: string
  headers: RecordedMessage['headers']
  answer?: { readonly status: number; readonly headers: RecordedMessage['headers'] }
}

/**
 * Records what this process asks others by `fetch`, each redirect as an exchange of its own.
 *
 * @param report Is given each exchange once its answer is read, or there will be none.
 */
export function recordFetched(app: string, report: (recording: Recording) => void) {
  const underWay = new WeakMap<FetchRequest, UnderWay>()

  function end(request: FetchRequest, error?: unknown): void {
    const begun = underWay.get(request)
    if (begun === undefined) return
    underWay.delete(request)
    report({ app, ...describe(request, begun), ...(error !== undefined && { error: `${error}` }) })
  }

  return watchChannels({
    'undici:request:create': (message) => {
      const { request } = message as { request: FetchRequest }
      if (isIgnored(request.path, undefined)) return
      underWay.set(request, {
        startedAt: now(),
        requestBody: recordedBody(),
        responseBody: recordedBody(),
        connection: '',
        headers: [],
      })
    },

    'undici:client:sendHeaders': (message) => {
      const { request, headers, socket } = message as {
        request: FetchRequest
        headers: string
        socket: Socket
      }
      const begun = underWay.get(request)
      if (begun === undefined) return
      begun.connection = `${socket.localPort}-${socket.remotePort}`
      begun.headers = readHeaderLines(headers)
    },

    'undici:request:bodyChunkSent': (message) => {
      const { request, chunk } = message as { request: FetchRequest; chunk: unknown }
      underWay.get(request)?.requestBody.add(chunk)
    },

    'undici:request:headers': (message) => {
      const { request, response } = message as {
        request: FetchRequest
        response: { statusCode: number; headers: readonly Buffer[] }
      }
      const begun = underWay.get(request)
      if (begun === undefined) return
      begun.answer = { status: response.statusCode, headers: readPairs(response.headers) }
    },

    'undici:request:bodyChunkReceived': (message) => {
      const { request, chunk } = message as { request: FetchRequest; chunk: unknown }
      underWay.get(request)?.responseBody.add(chunk)
    },

    'undici:request:trailers': (message) => end((message as { request: FetchRequest }).request),

    'undici:request:error': (message) => {
      const { request, error } = message as { request: FetchRequest; error: unknown }
      end(request, error)
    },
  })
}

function describe(request: FetchRequest, begun: UnderWay): Omit<Recording, 'app' | 'error'> {
  const { startedAt, connection, headers, answer, requestBody, responseBody } = begun
  return {
    side: 'client',
    connection,
    method: request.method,
    url: readRequestUrl(request.path, `${request.origin}`),
    startedAt,
    endedAt: now(),
    request: requestBody.read(headers),
    ...(answer && { response: { status: answer.status, ...responseBody.read(answer.headers) } }),
  }
}

function readPairs(headers: readonly Buffer[]): RecordedMessage['headers'] {
  const texts = headers.map(String)
  const names = texts.filter((_, index) => index % 2 === 0)
  return names.map((name, index) => [name, texts[2 * index + 1] ?? ''] as const)
}
