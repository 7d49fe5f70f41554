import { z } from 'zod'

interface Issue {
  readonly input?: unknown
}

/** The messages of a schema. */
interface Expectation {
  error(issue: Issue): string
}

/** Says what was found, and what is expected. */
export function expected(what: string): Expectation {
  return { error: ({ input }) => `is ${describe(input)}; expected ${what}` }
}

/** As {@link expected}, where a secret may stand, which must not be printed. */
export function expectedSecret(what: string): Expectation {
  return { error: ({ input }) => `is ${describeKind(input)}; expected ${what}` }
}

/** Short enough for a line of a log. */
function describe(value: unknown): string {
  if (typeof value === 'string') return `'${value.length > 60 ? `${value.slice(0, 60)}…` : value}'`
  return ['number', 'boolean'].includes(typeof value) ? String(value) : describeKind(value)
}

function describeKind(value: unknown): string {
  if (value === undefined) return 'missing'
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`.replace('string', 'text')
}

export const text = z.string(expected('a text'))

/**
 * A text that counts as absent when it is empty, as placeholders in configuration files are. Secrets
 * have one, so what is found in its place is not printed.
 */
export const textOrNothing = z.string(expectedSecret('a text'))

export const texts = z.array(text, expected('a list of texts, such as ["one", "two"]'))

/** Values may be texts, as they are when they come from the environment in .NET. */
export const flag = z.union(
  [z.boolean(), z.stringbool({ truthy: ['true'], falsy: ['false'] })],
  expected('true or false'),
)

const expectedSeconds = expected('a whole number of seconds')

export const seconds = z.union(
  [
    z.int(expectedSeconds),
    z
      .string()
      .regex(/^-?\d{1,15}$/)
      .transform(Number),
  ],
  expectedSeconds,
)

/** A point in time in ISO 8601; without an offset it is UTC. What ends then is a secret: not printed. */
export const time = z
  .union(
    [z.iso.datetime({ offset: true, local: true }), z.iso.date()],
    expectedSecret('a time such as "2030-01-31T12:00:00Z"'),
  )
  .transform(
    (value) => new Date(/(Z|[+-]\d\d:\d\d)$|^[\d-]{10}$/.test(value) ? value : `${value}Z`),
  )

export const dictionary = z.record(
  z.string(),
  z.union([z.string(), z.number(), z.boolean()], expected('a text')).transform(String),
  expected('an object of texts, such as {"key": "value"}'),
)

/**
 * One of the names of a .NET enumeration, in any case, or its number.
 *
 * @param names .NET's name to ours, in the order of .NET's numbers
 */
export function choice<Value extends string>(names: Readonly<Record<string, Value>>) {
  const mistake = expected(`one of ${Object.keys(names).join(', ')}`)
  const numbers = Object.fromEntries(Object.values(names).entries())
  const found = z.union([z.string(), z.number()], mistake)
  return found
    .transform(lookUp({ ...names, ...numbers }, mistake))
    .meta({ enum: Object.keys(names) })
}

/** One of these names, in any case, where a secret may stand, which must not be printed. */
export function secretChoice<Value extends string>(names: Readonly<Record<string, Value>>) {
  const mistake = expectedSecret(`one of ${Object.keys(names).join(', ')}`)
  return z
    .string(mistake)
    .transform(lookUp(names, mistake))
    .meta({ enum: Object.keys(names) })
}

function lookUp<Value>(values: Readonly<Record<string, Value>>, mistake: Expectation) {
  const byName = new Map(Object.entries(values).map(([name, each]) => [name.toLowerCase(), each]))
  return (found: string | number, context: z.RefinementCtx): Value => {
    const value = byName.get(String(found).toLowerCase())
    if (value !== undefined) return value
    context.addIssue({ code: 'custom', input: found, message: mistake.error({ input: found }) })
    return z.NEVER
  }
}
