import { z } from 'zod'

import { originalName } from './property-name.ts'
import { textOrNothing } from './values.ts'

/** Where something is: `['clients', 2, 'redirectUris', 0]`. */
export type Path = readonly PropertyKey[]

/** A property whose name the schema does not have. */
export interface UnknownProperty {
  /** Of the object that has it. */
  readonly path: Path
  readonly name: string
  readonly value: unknown
  /** What the schema calls the object, such as `Client`. */
  readonly kind: string
  /** The names that the schema has. */
  readonly known: readonly string[]
}

/** A value whose properties have the names of the schema, whatever case the file has them in. */
export interface Spelled {
  readonly value: unknown
  readonly unknown: readonly UnknownProperty[]
  /** A path as the file spells it: `Clients[2].RedirectUris[0]`. */
  pathOf(path: Path): string
  /** What stands at a path. */
  valueAt(path: Path): unknown
}

/**
 * Gives properties the names of the schema. Those that say nothing are left out: null, and an empty
 * text where that is a placeholder.
 */
export function readSpelling(schema: z.ZodType, value: unknown): Spelled {
  const unknown: UnknownProperty[] = []
  const spellings = new WeakMap<object, Map<PropertyKey, string>>()

  function rename(wrapped: unknown, value: unknown, path: Path): unknown {
    const schema = unwrap(wrapped)
    if (schema instanceof z.ZodArray && Array.isArray(value))
      return value.map((item, index) => rename(schema.element, item, [...path, index]))
    if (!(schema instanceof z.ZodObject) || !isObject(value)) return value

    const names = new Map(Object.keys(schema.shape).map((name) => [name.toLowerCase(), name]))
    const spelling = new Map<PropertyKey, string>()
    const renamed: Record<string, unknown> = {}
    for (const [found, content] of Object.entries(value)) {
      const name = names.get(found.toLowerCase())
      if (name === undefined) {
        const known = [...names.values()].map(originalName)
        spelling.set(found, found)
        unknown.push({ path, name: found, value: content, kind: schema.meta()?.id ?? '', known })
        continue
      }
      spelling.set(name, found)
      if (!saysNothing(schema.shape[name], content))
        renamed[name] = rename(schema.shape[name], content, [...path, name])
    }
    spellings.set(renamed, spelling)
    return renamed
  }

  const spelled = rename(schema, value, [])
  return {
    value: spelled,
    unknown,
    pathOf(path) {
      let at = spelled
      let text = ''
      for (const key of path) {
        // Below what the schema has no names for, such as a dictionary, names are as they are.
        const spelling = spellings.get(Object(at))
        const name =
          spelling === undefined ? String(key) : (spelling.get(key) ?? originalName(String(key)))
        text += typeof key === 'number' ? `[${key}]` : `${text === '' ? '' : '.'}${name}`
        at = Object(at)[key]
      }
      return text
    },
    valueAt: (path) => path.reduce<unknown>((at, key) => Object(at)[key], spelled),
  }
}

/** What is below the wrappers that say when a value may be absent, and what becomes of it. */
function unwrap(schema: unknown): unknown {
  if (schema instanceof z.ZodExactOptional || schema instanceof z.ZodDefault)
    return unwrap(schema.unwrap())
  return schema instanceof z.ZodPipe ? unwrap(schema.in) : schema
}

function saysNothing(schema: unknown, value: unknown): boolean {
  return value === null || (value === '' && unwrap(schema) === textOrNothing)
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
