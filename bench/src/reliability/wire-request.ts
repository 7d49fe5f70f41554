import type { HostileValue } from './hostile-values.ts'
import type { ValidRequest } from './request-kind.ts'

/** A request as it goes over the wire. */
export interface WireRequest {
  readonly text: string
  /** Whether the client closes its half afterwards: it announced more than it sends. */
  readonly isCut: boolean
}

/** What is done to a request, whatever it is. What is absent is as it should be. */
export interface Distortion {
  readonly changes: readonly Change[]
  readonly headers: readonly (readonly [name: string, value: HostileValue])[]
  readonly method?: string | undefined
  readonly suffix?: string | undefined
  readonly encode?: ((text: string) => string) | undefined
  readonly framing?: (typeof framings)[number] | undefined
}

/** @param others Parameters of other requests. */
export type Change = (pairs: Pairs, others: Pairs) => Pairs
export type Pairs = ValidRequest['parameters']

/** Ways to be wrong about where a body ends, and one to be right. */
export const framings = ['short', 'long', 'chunked', 'broken chunks', 'two lengths'] as const

/**
 * Writes a request as it is, unless something is done to it.
 *
 * @param others Requests whose names and values may turn up in the place of any in this one.
 */
export function createWireRequest(
  request: ValidRequest,
  { changes, headers, method, suffix = '', encode = encodeWell, framing }: Distortion = asItIs,
  others: readonly ValidRequest[] = [],
): WireRequest {
  const known = others.flatMap(({ parameters }) => parameters)
  const pairs = changes.reduce<Pairs>((before, change) => change(before, known), request.parameters)
  const form = pairs.map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&')
  const hasBody = request.method === 'POST'
  const query = hasBody || form === '' ? '' : `?${form.replace(/[\s#]/g, encodeWell)}`
  const added = headers.map(([name, value]) => [name, value(valuesOf(known))] as const)
  const lines = [
    `${method ?? request.method} ${request.path}${suffix}${query} HTTP/1.1`,
    'Host: localhost',
    'Connection: close',
    ...(hasBody ? ['Content-Type: application/x-www-form-urlencoded'] : []),
    ...[...request.headers, ...added].map(([name, value]) => `${name}: ${value}`),
    ...(hasBody ? framingHeaders(framing, Buffer.byteLength(form)) : []),
  ]
  const body = hasBody ? frame(framing, form) : ''
  const text = `${lines.join('\r\n')}\r\n\r\n${body}`
  return { text, isCut: hasBody && framing === 'short' }
}

const asItIs: Distortion = { changes: [], headers: [] }

export function valuesOf(pairs: Pairs): string[] {
  return [...new Set(pairs.map(([, value]) => value))]
}

export function encodeWell(text: string): string {
  return encodeURIComponent(text.toWellFormed())
}

function framingHeaders(framing: string | undefined, length: number): string[] {
  if (framing?.includes('chunk')) return ['Transfer-Encoding: chunked']
  if (framing === 'short') return [`Content-Length: ${length + 10}`]
  if (framing === 'long') return [`Content-Length: ${Math.max(0, length - 10)}`]
  if (framing === 'two lengths') return [`Content-Length: ${length}`, 'Content-Length: 1']
  return [`Content-Length: ${length}`]
}

function frame(framing: string | undefined, body: string): string {
  if (framing === 'broken chunks') return `zz\r\n${body}\r\n`
  return framing === 'chunked'
    ? `${Buffer.byteLength(body).toString(16)}\r\n${body}\r\n0\r\n\r\n`
    : body
}
