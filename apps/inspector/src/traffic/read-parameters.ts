import type { RecordedMessage } from '../recording.ts'
import { type Exchange, readHeader, readRedirect } from './exchange.ts'

export interface Parameter {
  readonly name: string
  readonly value: string
  /** Where in the message it stands. */
  readonly place: 'query' | 'form' | 'JSON' | 'redirect' | 'header'
}

/** What the request says, apart from its headers: in the URL, and in a form or a JSON object. */
export function readRequestParameters({ url, request }: Exchange): Parameter[] {
  return [...readPairs(new URL(url).searchParams, 'query'), ...readBody(request)]
}

/** What the response says, apart from its headers: in a JSON object, and in where it redirects to. */
export function readResponseParameters(exchange: Exchange): Parameter[] {
  const { response } = exchange
  if (response === undefined) return []
  const target = readRedirect(exchange)
  return [...(target ? readTarget(target) : []), ...readBody(response)]
}

function readTarget({ searchParams, hash }: URL): Parameter[] {
  return [searchParams, new URLSearchParams(hash.slice(1))].flatMap((pairs) =>
    readPairs(pairs, 'redirect'),
  )
}

function readBody(message: RecordedMessage): Parameter[] {
  const type = readHeader(message, 'content-type')
  if (type.startsWith('application/x-www-form-urlencoded'))
    return readPairs(new URLSearchParams(message.body), 'form')
  return /[/+]json\b/.test(type) ? readMembers(message.body) : []
}

function readPairs(pairs: URLSearchParams, place: Parameter['place']): Parameter[] {
  return [...pairs].map(([name, value]) => ({ name, value, place }))
}

/** None for what is no object, or is cut off. */
function readMembers(text: string): Parameter[] {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return []
    return Object.entries(value).map(([name, member]) => ({
      name,
      value: typeof member === 'string' ? member : JSON.stringify(member),
      place: 'JSON',
    }))
  } catch {
    return []
  }
}
