import { z } from 'zod'

import type { ClientClaim } from '../model/client.ts'
import { expected, text, textOrNothing } from './values.ts'

const xmlSchema = 'http://www.w3.org/2001/XMLSchema#'

/** What a value has to be, and its meaning, undefined when it is something else. */
interface ValueType {
  readonly what: string
  read(text: string): number | boolean | undefined
}

const wholeNumber: ValueType = {
  what: 'a whole number',
  // Beyond these, a token would have another number.
  read: (text) => (/^[+-]?\d+$/.test(text) && Number.isSafeInteger(+text) ? +text : undefined),
}

const number: ValueType = {
  what: 'a number',
  read: (text) => (text !== '' && Number.isFinite(+text) ? +text : undefined),
}

const truth: ValueType = {
  what: 'true or false',
  read: (text) => (/^(true|false)$/i.test(text) ? /^true$/i.test(text) : undefined),
}

/** Of XML Schema, as .NET names them. A value of another type stays as it is. */
const valueTypes = new Map([
  ['int', wholeNumber],
  ['integer', wholeNumber],
  ['integer32', wholeNumber],
  ['integer64', wholeNumber],
  ['long', wholeNumber],
  ['double', number],
  ['boolean', truth],
])

/** A claim about a client, whose value is a text in .NET, whatever its `ValueType`. */
export const claimSchema = z
  .object(
    {
      type: text,
      value: z.union([z.string(), z.number(), z.boolean()], expected('a text')),
      valueType: textOrNothing.exactOptional(),
    },
    expected('an object such as {"Type": "…", "Value": "…"}'),
  )
  .meta({ id: 'ClientClaim' })
  .transform(({ type, value, valueType = '' }, context): ClientClaim => {
    const typed = valueTypes.get(valueType.replace(xmlSchema, ''))
    if (typed === undefined) return { type, value }
    const meaning = typed.read(String(value).trim())
    if (meaning !== undefined) return { type, value: meaning }
    const message = expected(`${typed.what}, as ValueType says`).error({ input: value })
    context.addIssue({ code: 'custom', path: ['value'], input: value, message })
    return z.NEVER
  })
