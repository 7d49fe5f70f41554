import type { RecordedMessage } from '../recording.ts'
import { type Exchange, readHeader } from './exchange.ts'

/**
 * Exchanges as an HTTP Archive, complete with their secrets: whoever asks for one means to keep it.
 *
 * @see {@link https://w3c.github.io/web-performance/specs/HAR/Overview.html#sec-har-object-types HAR 1.2}
 */
export function createHar(exchanges: readonly Exchange[]): object {
  return {
    log: {
      version: '1.2',
      creator: { name: 'basics-inspector', version: '0.0.0' },
      entries: exchanges.toSorted((a, b) => a.startedAt - b.startedAt).map(createEntry),
    },
  }
}

function createEntry(exchange: Exchange): object {
  const { from, to, channel, startedAt, endedAt } = exchange
  const time = endedAt - startedAt
  return {
    startedDateTime: new Date(startedAt).toISOString(),
    time,
    request: createRequest(exchange),
    response: createResponse(exchange),
    cache: {},
    timings: { send: 0, wait: time, receive: 0 },
    // Names of our own begin with an underscore, as the format asks.
    _from: from,
    _to: to,
    _channel: channel,
    // Finer than the milliseconds of startedDateTime.
    _started: startedAt,
  }
}

function createRequest({ method, url, request }: Exchange): object {
  const queryString = [...new URL(url).searchParams].map(toPair)
  const mimeType = readHeader(request, 'content-type')
  return {
    method,
    url,
    ...createHead(request),
    queryString,
    ...(request.body !== '' && { postData: { mimeType, params: [], text: request.body } }),
    bodySize: request.body.length,
  }
}

/** Status 0 stands for an answer that never came. */
function createResponse({ response, error }: Exchange): object {
  const message = response ?? { status: 0, headers: [], body: '' }
  return {
    status: message.status,
    statusText: '',
    ...createHead(message),
    content: {
      size: message.body.length,
      mimeType: readHeader(message, 'content-type'),
      text: message.body,
    },
    redirectURL: readHeader(message, 'location'),
    bodySize: message.body.length,
    ...(error !== undefined && { comment: error }),
  }
}

function createHead({ headers }: RecordedMessage): object {
  return { httpVersion: 'HTTP/1.1', cookies: [], headers: headers.map(toPair), headersSize: -1 }
}

function toPair([name, value]: readonly [string, string]): object {
  return { name, value }
}
