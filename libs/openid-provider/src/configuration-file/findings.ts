import type { z } from 'zod'

import type { ConfigurationProblem } from '../model/configuration-error.ts'
import { closestName } from './closest-name.ts'
import type { Path, Spelled, UnknownProperty } from './spelling.ts'
import { unsupportedProperty } from './unsupported-properties.ts'

/** Collects what is wrong in a configuration, and what is worth saying about it. */
export interface Findings {
  readonly problems: ConfigurationProblem[]
  readonly warnings: ConfigurationProblem[]
  /** @param subject whom it is about, such as `client mvc` */
  problem(subject: string, path: Path, message: string): void
  warning(subject: string, path: Path, message: string): void
  /** A path as the file spells it. */
  pathOf(path: Path): string
  /** What the file has at a path. */
  valueAt(path: Path): unknown
}

export function collectFindings({ pathOf, valueAt }: Spelled): Findings {
  const problems: ConfigurationProblem[] = []
  const warnings: ConfigurationProblem[] = []
  return {
    problems,
    warnings,
    pathOf,
    valueAt,
    problem: (subject, path, message) => problems.push({ subject, path: pathOf(path), message }),
    warning: (subject, path, message) => warnings.push({ subject, path: pathOf(path), message }),
  }
}

/**
 * Reports properties that the schema does not have: of the original and not built here, or misspelled.
 *
 * @param subjectAt whom the object at a path belongs to
 */
export function reportUnknownProperties(
  { unknown }: Spelled,
  findings: Findings,
  subjectAt: (path: Path) => string,
): void {
  for (const property of unknown) {
    const { path, name, value, kind } = property
    const unsupported = unsupportedProperty(kind, name)
    const report = unsupported?.refused ? findings.problem : findings.warning
    const asksForNothing = value === null || unsupported?.isDefault(value)
    if (unsupported === undefined || !asksForNothing)
      report(subjectAt(path), [...path, name], unsupported?.consequence ?? misspelled(property))
  }
}

function misspelled({ name, known }: UnknownProperty): string {
  const meant = closestName(name, known)
  return `is no property and is ignored${meant === undefined ? '' : `; is ${meant} meant?`}`
}

/**
 * A value as its schema reads it. What cannot be read is reported and left out, so that the rest can be
 * checked all the same.
 *
 * @returns the value as far as it can be read, undefined when it is no object at all, and the names of
 *   the properties that cannot be read
 */
export function readValue<Schema extends z.ZodObject>(
  schema: Schema,
  value: unknown,
  report: (path: Path, message: string) => void,
): { read: Partial<z.output<Schema>> | undefined; unread: ReadonlySet<PropertyKey> } {
  const whole = schema.safeParse(value)
  if (whole.success) return { read: whole.data, unread: new Set() }
  for (const { path, message } of whole.error.issues) report(path, message)
  const unread = new Set(whole.error.issues.flatMap(({ path }) => path.slice(0, 1)))
  if (unread.size === 0) return { read: undefined, unread }
  const rest = Object.entries(Object(value)).filter(([name]) => !unread.has(name))
  const partial = schema.partial().parse(Object.fromEntries(rest))
  return { read: partial as Partial<z.output<Schema>>, unread }
}
