import fc from 'fast-check'

import { goodValues, hostileValues } from './hostile-values.ts'
import type { RequestKind } from './request-kind.ts'
import {
  type Change,
  type Distortion,
  encodeWell,
  framings,
  type Pairs,
  valuesOf,
} from './wire-request.ts'

/** What is to be sent: a request of this kind, once it is made, and what is done to it. */
export interface HostileRequest {
  readonly kind: RequestKind
  readonly distortion: Distortion
}

/** Requests that are valid but for what is done to them: little enough, mostly, to get past the first check. */
export function hostileRequests(kinds: readonly RequestKind[]): fc.Arbitrary<HostileRequest> {
  return fc.record({
    kind: fc.oneof(...kinds.map((kind) => ({ arbitrary: fc.constant(kind), weight: kind.weight }))),
    distortion: fc.record({
      changes: fc.array(changes, { maxLength: 3 }),
      method: mostlyAsItIs(fc.constantFrom(...methods)),
      suffix: mostlyAsItIs(fc.constantFrom('/', '//', '/..', '/%2e%2e', '%00', '%ff', ';x', '#f')),
      headers: fc.array(fc.tuple(fc.constantFrom(...headerNames), values), { maxLength: 2 }),
      encode: mostlyAsItIs(fc.constantFrom(...encodings)),
      framing: mostlyAsItIs(fc.constantFrom(...framings)),
    }),
  })
}

const values = hostileValues()
const names = fc.oneof({ arbitrary: goodValues, weight: 9 }, { arbitrary: values, weight: 1 })
/** Of a parameter, once it is known how many there are: none has no place. */
const positions = fc.nat().map((n) => (pairs: Pairs) => n % pairs.length)
const changes: fc.Arbitrary<Change> = fc.oneof(
  fc.tuple(positions, values).map(
    ([position, value]): Change =>
      (pairs, others) =>
        pairs.map((pair, index) =>
          index === position(pairs) ? [pair[0], value(valuesOf(others))] : pair,
        ),
  ),
  fc.tuple(names, values).map(
    ([name, value]): Change =>
      (pairs, others) => [...pairs, [name(namesOf(others)), value(valuesOf(others))]],
  ),
  positions.map(
    (position): Change =>
      (pairs) => [...pairs, ...pairs.filter((_, index) => index === position(pairs))],
  ),
  positions.map(
    (position): Change =>
      (pairs) =>
        pairs.filter((_, index) => index !== position(pairs)),
  ),
)

function namesOf(pairs: Pairs): string[] {
  return [...new Set(pairs.map(([name]) => name))]
}

function mostlyAsItIs<T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.oneof({ arbitrary: fc.constant(undefined), weight: 12 }, { arbitrary, weight: 1 })
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
const encodings: readonly ((text: string) => string)[] = [
  (text) => text.replaceAll(' ', '+'),
  (text) => `${encodeWell(text)}%zz%`,
  (text) => `%ff%fe%c0%80${encodeWell(text)}`,
]
