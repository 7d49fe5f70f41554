import type { IncomingMessage, ServerResponse } from 'node:http'
import type { TLSSocket } from 'node:tls'

import type { RecordedMessage, Recording } from '../recording.ts'
import { readHeaderLines } from './header-lines.ts'
import { isIgnored } from './ignored.ts'
import { now } from './now.ts'
import { recordedBody } from './recorded-body.ts'
import { readRequestUrl } from './request-url.ts'
import { unobtrusive, watchChannels } from './watch-channels.ts'

interface Served {
  readonly request: IncomingMessage
  readonly response: ServerResponse
}

interface UnderWay {
  readonly startedAt: number
  readonly url: string
  readonly connection: string
  readonly requestBody: ReturnType<typeof recordedBody>
  readonly responseBody: ReturnType<typeof recordedBody>
  /** 0 until the whole answer is handed over. */
  endedAt: number
}

const unfinished = 'the connection was closed before the answer was complete'

/**
 * Records what the HTTP servers of this process are asked and answer.
 *
 * @param report Is given each exchange once its answer is sent, or can be no more.
 */
export function recordServed(app: string, report: (recording: Recording) => void) {
  const underWay = new WeakMap<IncomingMessage, UnderWay>()

  function end(served: Served, error?: string): void {
    const begun = underWay.get(served.request)
    if (begun === undefined) return
    underWay.delete(served.request)
    report({
      side: 'server',
      app,
      ...describe(served, begun),
      ...(error !== undefined && { error }),
    })
  }

  return watchChannels({
    'http.server.request.start': (message) => {
      const { request, response } = message as Served
      if (isIgnored(request.url ?? '', request.headers['user-agent'])) return
      const { remotePort, localPort } = request.socket
      const begun: UnderWay = {
        startedAt: now(),
        // Now: a router of Express takes away from it what it is mounted at.
        url: readUrl(request),
        connection: `${remotePort}-${localPort}`,
        requestBody: recordedBody(),
        responseBody: recordedBody(),
        endedAt: 0,
      }
      underWay.set(request, begun)
      copyRequestBody(request, begun.requestBody)
      copyResponseBody(response, begun)
      const close = () => response.writableFinished || end({ request, response }, unfinished)
      response.once('close', unobtrusive(close))
    },

    'http.server.response.finish': (message) => end(message as Served),
  })
}

function describe(
  { request, response }: Served,
  begun: UnderWay,
): Omit<Recording, 'side' | 'app' | 'error'> {
  const { startedAt, endedAt, url, connection, requestBody, responseBody } = begun
  const headers = readResponseHeaders(response)
  return {
    connection,
    method: request.method ?? '',
    url,
    startedAt,
    endedAt: endedAt || now(),
    request: requestBody.read(readRequestHeaders(request)),
    ...(response.headersSent && {
      response: { status: response.statusCode, ...responseBody.read(headers) },
    }),
  }
}

/** By way of `push`, where the parser hands over what came in: to read along would take it from the app. */
function copyRequestBody(request: IncomingMessage, body: ReturnType<typeof recordedBody>): void {
  const { push } = request
  const add = unobtrusive(body.add)
  request.push = (chunk, encoding) => {
    if (chunk !== null) add(chunk, encoding)
    return push.call(request, chunk, encoding)
  }
}

/**
 * No channel shows what a server sends, or when: by the time Node says that a response is finished, who
 * asked may have acted on it. The copy is made first, then the method does what it always does.
 */
function copyResponseBody(response: ServerResponse, begun: UnderWay): void {
  const copy = unobtrusive((name: string, chunk: unknown, encoding: unknown) => {
    if (hasContent(response)) begun.responseBody.add(chunk, encoding)
    if (name === 'end') begun.endedAt = now()
  })
  for (const name of ['write', 'end'] as const) {
    const send = response[name] as (...parameters: unknown[]) => unknown
    const copyAndSend = (...parameters: unknown[]) => {
      copy(name, parameters[0], parameters[1])
      return send.apply(response, parameters)
    }
    Object.assign(response, { [name]: copyAndSend })
  }
}

/**
 * Of other answers Node sends the head alone, whatever the app wrote.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc9110.html#section-6.4.1 RFC 9110 §6.4.1}
 */
function hasContent({ req, statusCode }: ServerResponse): boolean {
  return req.method !== 'HEAD' && statusCode !== 204 && statusCode !== 304
}

function readUrl({ socket, headers, url = '' }: IncomingMessage): string {
  const scheme = (socket as TLSSocket).encrypted ? 'https' : 'http'
  return readRequestUrl(url, `${scheme}://${headers.host || 'localhost'}`)
}

function readRequestHeaders({ rawHeaders }: IncomingMessage): RecordedMessage['headers'] {
  const names = rawHeaders.filter((_, index) => index % 2 === 0)
  return names.map((name, index) => [name, rawHeaders[2 * index + 1] ?? ''] as const)
}

/** The head as it was sent: what is given to `writeHead` alone, `getHeaders` does not know. */
function readResponseHeaders(response: ServerResponse): RecordedMessage['headers'] {
  return readHeaderLines((response as { _header?: string })._header ?? '')
}
