import { decodeJwt, decodeProtectedHeader } from 'jose'

import { claims, joseHeader } from './claims.ts'
import { parameters } from './parameters.ts'
import { isSecret } from './segments.ts'
import type { CheckSignature, Signature } from './signature.ts'
import type { Meaning } from './specification.ts'

export interface ExplainedClaim {
  readonly name: string
  /** As JSON, but a text as it is. */
  readonly value: string
  /** Seconds since the epoch, when that is what the value is. */
  readonly time?: number
  readonly isSecret: boolean
  readonly meaning?: Meaning
}

export interface ExplainedJwt {
  /** The parameter or header it came in. */
  readonly name: string
  readonly header: readonly ExplainedClaim[]
  readonly claims: readonly ExplainedClaim[]
  readonly signature: Signature
}

const times = ['exp', 'nbf', 'iat', 'auth_time']

/** A JWT taken apart, or undefined when the value is none. */
export async function explainJwt(
  name: string,
  value: string,
  checkSignature: CheckSignature,
): Promise<ExplainedJwt | undefined> {
  const parts = readParts(value)
  if (parts === undefined) return undefined
  return {
    name,
    header: explain(parts.header, joseHeader),
    // A request object carries the parameters of the request.
    claims: explain(parts.payload, { ...parameters, ...claims }),
    signature: await checkSignature(value),
  }
}

/** @see {@link https://www.rfc-editor.org/rfc/rfc7519.html#section-7.2 RFC 7519 §7.2} */
function readParts(value: string): { header: object; payload: object } | undefined {
  if (!/^[\w-]+\.[\w-]+\.[\w-]*$/.test(value)) return undefined
  try {
    return { header: decodeProtectedHeader(value), payload: decodeJwt(value) }
  } catch {
    return undefined
  }
}

function explain(part: object, meanings: Readonly<Record<string, Meaning>>): ExplainedClaim[] {
  return Object.entries(part).map(([name, value]) => {
    const meaning = Object.hasOwn(meanings, name) ? meanings[name] : undefined
    const text = typeof value === 'string' ? value : JSON.stringify(value)
    return {
      name,
      value: text,
      ...(times.includes(name) && typeof value === 'number' && { time: value }),
      // The name of a public key looks random, and is none.
      isSecret: name !== 'kid' && isSecret(name, text),
      ...(meaning && { meaning }),
    }
  })
}
