import type { RecordedMessage } from '../recording.ts'
import { type Exchange, readHeader } from '../traffic/exchange.ts'
import {
  type Parameter,
  readRequestParameters,
  readResponseParameters,
} from '../traffic/read-parameters.ts'
import { claims } from './claims.ts'
import { type ExplainedJwt, explainJwt } from './explain-jwt.ts'
import { headers, parameters } from './parameters.ts'
import { isSecret, type Segment, splitSecrets } from './segments.ts'
import type { CheckSignature } from './signature.ts'
import type { Meaning } from './specification.ts'

export interface ExplainedParameter extends Parameter {
  readonly isSecret: boolean
  readonly meaning?: Meaning
}

export interface ExplainedMessage {
  readonly parameters: readonly ExplainedParameter[]
  readonly jwts: readonly ExplainedJwt[]
  /** The message as it was on the wire. */
  readonly raw: readonly Segment[]
  /** What is missing at the end of `raw`. */
  readonly omitted?: 'rest' | 'binary'
}

export interface Explanation {
  readonly request: ExplainedMessage
  /** Absent when no answer came. */
  readonly response?: ExplainedMessage
}

/** All there is to say about an exchange, secrets included, each marked as one. */
export async function explainExchange(
  exchange: Exchange,
  checkSignature: CheckSignature,
): Promise<Explanation> {
  const { method, url, request, response } = exchange
  const { pathname, search } = new URL(url)
  const asked = explainMessage(
    `${method} ${pathname}${search} HTTP/1.1`,
    request,
    readRequestParameters(exchange),
    checkSignature,
  )
  if (response === undefined) return { request: await asked }
  const answered = explainMessage(
    `HTTP/1.1 ${response.status}`,
    response,
    readResponseParameters(exchange),
    checkSignature,
  )
  return { request: await asked, response: await answered }
}

async function explainMessage(
  firstLine: string,
  message: RecordedMessage,
  said: readonly Parameter[],
  checkSignature: CheckSignature,
): Promise<ExplainedMessage> {
  const all = [...said, ...readProtocolHeaders(message)]
  const token = /^Bearer (\S+)$/i.exec(readHeader(message, 'authorization'))?.[1]
  const candidates = [...said, ...(token ? [{ name: 'Authorization', value: token }] : [])]
  const jwts = candidates.map(({ name, value }) => explainJwt(name, value, checkSignature))
  return {
    parameters: all.map(explainParameter),
    jwts: (await Promise.all(jwts)).filter((jwt) => jwt !== undefined),
    raw: splitSecrets(toText(firstLine, message)),
    ...(message.omitted && { omitted: message.omitted }),
  }
}

function readProtocolHeaders(message: RecordedMessage): Parameter[] {
  return message.headers
    .filter(([name]) => Object.hasOwn(headers, name.toLowerCase()))
    .map(([name, value]) => ({ name, value, place: 'header' }))
}

function explainParameter(parameter: Parameter): ExplainedParameter {
  const { name, value, place } = parameter
  const isHeader = place === 'header'
  const meaning = isHeader ? headers[name.toLowerCase()] : findMeaning(name)
  const hidden = isHeader ? splitSecrets(`${name}: ${value}`) : []
  return {
    ...parameter,
    isSecret: isHeader ? hidden.some((part) => part.isSecret) : isSecret(name, value),
    ...(meaning && { meaning }),
  }
}

function findMeaning(name: string): Meaning | undefined {
  const dictionary = [parameters, claims].find((candidate) => Object.hasOwn(candidate, name))
  return dictionary?.[name]
}

function toText(firstLine: string, { headers, body }: RecordedMessage): string {
  const head = [firstLine, ...headers.map(([name, value]) => `${name}: ${value}`)].join('\n')
  return body === '' ? head : `${head}\n\n${body}`
}
