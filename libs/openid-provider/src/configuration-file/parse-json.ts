import {
  getNodeValue,
  type Node,
  type ParseError,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser'

import { ConfigurationError, type ConfigurationProblem } from '../model/configuration-error.ts'

/**
 * The value of a JSON text as .NET reads its configuration: comments and trailing commas are allowed,
 * a property named twice, in whatever case, is not. Takes a section copied out of such a file too,
 * `"IdentityServer": {…}` without the braces around it.
 *
 * @throws {ConfigurationError} naming line and column of the mistake.
 */
export function parseJson(text: string): unknown {
  // A byte order mark, as some editors write, is not JSON.
  const bare = text.replace(/^\uFEFF/, '')
  const json = /^\s*"/.test(bare) ? `{${bare}}` : bare
  const errors: ParseError[] = []
  const root = parseTree(json, errors, { allowTrailingComma: true })
  // The first alone: most others only follow from it.
  const [first] = errors
  if (first !== undefined)
    throw new ConfigurationError([problemAt(json, first.offset, printParseErrorCode(first.error))])
  if (root === undefined) return undefined
  const twice = [...namesTwice(root)].map(({ offset, what }) => problemAt(json, offset, what))
  if (twice.length > 0) throw new ConfigurationError(twice)
  return getNodeValue(root)
}

function* namesTwice(node: Node): Generator<{ offset: number; what: string }> {
  const seen = new Set<string>()
  for (const child of node.children ?? []) {
    if (node.type === 'object') {
      const [name] = child.children ?? []
      const key = String(name?.value).toLowerCase()
      if (seen.has(key)) yield { offset: child.offset, what: `'${name?.value}' a second time` }
      seen.add(key)
    }
    yield* namesTwice(child)
  }
}

function problemAt(json: string, offset: number, what: string): ConfigurationProblem {
  const before = json.slice(0, offset).split('\n')
  const column = (before.at(-1)?.length ?? 0) + 1
  return {
    subject: 'JSON',
    path: `line ${before.length}, column ${column}`,
    message: `has ${what}; expected a JSON object, each name in it once`,
  }
}
