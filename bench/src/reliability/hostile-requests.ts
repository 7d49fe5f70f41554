import fc from 'fast-check'

import { hostileValues } from './hostile-values.ts'
import type { ValidRequest } from './valid-requests.ts'

/** A request as it goes over the wire. */
export interface WireRequest {
  readonly text: string
  /** Whether the client closes its half afterwards: it announced more than it sends. */
  readonly isCut: boolean
}

/**
 * Requests that are valid but for what is done to them: little enough, mostly, to get past the first check.
 *
 * @param valid what they come of; each value in them may turn up in the place of any other
 */
export function hostileRequests(valid: readonly ValidRequest[]): fc.Arbitrary<WireRequest> {
  const pairs = valid.flatMap(({ parameters }) => parameters)
  const values = hostileValues([...new Set(pairs.map(([, value]) => value))])
  const names = fc.oneof(
    { arbitrary: fc.constantFrom(...new Set(pairs.map(([name]) => name))), weight: 9 },
    { arbitrary: values, weight: 1 },
  )
  return fc
    .record({
      request: fc.constantFrom(...valid),
      changes: fc.array(changes(names, values), { maxLength: 3 }),
      method: mostlyAsItIs(fc.constantFrom(...methods)),
      suffix: mostlyAsItIs(fc.constantFrom('/', '//', '/..', '/%2e%2e', '%00', '%ff', ';x', '#f')),
      headers: fc.array(fc.tuple(fc.constantFrom(...headerNames), values), { maxLength: 2 }),
      encode: fc.oneof(
        { arbitrary: fc.constant(encodeWell), weight: 12 },
        { arbitrary: fc.constantFrom(...encodings), weight: 1 },
      ),
      framing: fc.oneof(
        { arbitrary: fc.constant('right' as const), weight: 12 },
        { arbitrary: fc.constantFrom(...framings), weight: 1 },
      ),
    })
    .map(render)
}

type Pairs = readonly [name: string, value: string][]
type Change = (pairs: Pairs) => Pairs

function changes(names: fc.Arbitrary<string>, values: fc.Arbitrary<string>): fc.Arbitrary<Change> {
  const at = fc.nat(12)
  return fc.oneof(
    fc.tuple(at, values).map(
      ([n, to]): Change =>
        (pairs) =>
          pairs.map(([name, value], index) => [name, index === n ? to : value]),
    ),
    fc.tuple(names, values).map(
      ([name, value]): Change =>
        (pairs) => [...pairs, [name, value]],
    ),
    at.map(
      (n): Change =>
        (pairs) => [...pairs, ...pairs.slice(n, n + 1)],
    ),
    at.map(
      (n): Change =>
        (pairs) =>
          pairs.filter((_, index) => index !== n),
    ),
  )
}

const methods = [
  'GET',
  'POST',
  'PUT',
  'DELETE',
  'HEAD',
  'OPTIONS',
  'PATCH',
  'TRACE',
  'PROPFIND',
  'get',
]
const headerNames = [
  'Authorization',
  'Cookie',
  'Content-Type',
  'Content-Encoding',
  'Accept',
  'Accept-Language',
  'Origin',
  'Host',
  'X-Forwarded-For',
  'X-Forwarded-Proto',
  'Expect',
  'Sec-Fetch-Site',
  'Referer',
  'User-Agent',
  'Range',
  'DPoP',
]
const framings = ['short', 'long', 'chunked', 'broken chunks', 'two lengths'] as const
const encodings: readonly ((text: string) => string)[] = [
  (text) => text.replaceAll(' ', '+'),
  (text) => `${encodeWell(text)}%zz%`,
  (text) => `%ff%fe%c0%80${encodeWell(text)}`,
]

function encodeWell(text: string): string {
  return encodeURIComponent(text.toWellFormed())
}

function mostlyAsItIs(arbitrary: fc.Arbitrary<string>): fc.Arbitrary<string | undefined> {
  return fc.oneof({ arbitrary: fc.constant(undefined), weight: 12 }, { arbitrary, weight: 1 })
}

function render({
  request,
  changes,
  method = request.method,
  suffix = '',
  headers,
  encode,
  framing,
}: {
  request: ValidRequest
  changes: readonly Change[]
  method: string | undefined
  suffix: string | undefined
  headers: Pairs
  encode: (text: string) => string
  framing: 'right' | (typeof framings)[number]
}): WireRequest {
  const pairs = changes.reduce<Pairs>((before, change) => change(before), request.parameters)
  const form = pairs.map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&')
  const hasBody = request.method === 'POST'
  const query = hasBody || form === '' ? '' : `?${form.replace(/[\s#]/g, encodeWell)}`
  const lines = [
    `${method} ${request.path}${suffix}${query} HTTP/1.1`,
    'Host: localhost',
    'Connection: close',
    ...(hasBody ? ['Content-Type: application/x-www-form-urlencoded'] : []),
    ...[...request.headers, ...headers].map(([name, value]) => `${name}: ${value}`),
    ...(hasBody ? framingHeaders(framing, Buffer.byteLength(form)) : []),
  ]
  const body = hasBody ? frame(framing, form) : ''
  const text = `${lines.join('\r\n')}\r\n\r\n${body}`
  return { text, isCut: hasBody && framing === 'short' }
}

function framingHeaders(framing: string, length: number): string[] {
  if (framing.includes('chunk')) return ['Transfer-Encoding: chunked']
  if (framing === 'short') return [`Content-Length: ${length + 10}`]
  if (framing === 'long') return [`Content-Length: ${Math.max(0, length - 10)}`]
  if (framing === 'two lengths') return [`Content-Length: ${length}`, 'Content-Length: 1']
  return [`Content-Length: ${length}`]
}

function frame(framing: string, body: string): string {
  if (framing === 'broken chunks') return `zz\r\n${body}\r\n`
  return framing === 'chunked'
    ? `${Buffer.byteLength(body).toString(16)}\r\n${body}\r\n0\r\n\r\n`
    : body
}
