import { createScanner, getNodeValue, type Node, type ParseError, parseTree } from 'jsonc-parser'

import { ConfigurationError, type ConfigurationProblem } from '../model/configuration-error.ts'
import { describeSyntaxError } from './json-syntax.ts'

/** Objects and lists within each other. Registrations need seven; to read some more takes no stack yet. */
const maximumDepth = 100

interface Mistake {
  readonly offset: number
  readonly what: string
}

/**
 * The value of a JSON text as .NET reads its configuration: comments and trailing commas are allowed,
 * a property named twice, in whatever case, is not. Takes a section copied out of such a file too,
 * `"IdentityServer": {…}` without the braces around it.
 *
 * @throws {ConfigurationError} naming line and column of the mistake.
 */
export function parseJson(text: string): unknown {
  // A byte order mark, as some editors write, is not JSON.
  const json = text.replace(/^\uFEFF/, '')
  // What another encoding looks like when it is taken for UTF-8.
  if (/^\uFFFD|\0/.test(json))
    throw mistakesIn(json, [{ offset: 0, what: 'another encoding than UTF-8' }])
  const deepest = findTooDeep(json)
  if (deepest !== undefined) throw mistakesIn(json, [deepest])

  const isSection = readTokens(json).next().value?.first === '"'
  const errors: ParseError[] = []
  const root = parseTree(isSection ? `{${json}\n}` : json, errors, { allowTrailingComma: true })
  const inText = (mistake: Mistake) => ({ ...mistake, offset: mistake.offset - Number(isSection) })
  // The first alone: most others only follow from it.
  const [first] = errors
  if (first !== undefined)
    throw mistakesIn(json, [
      inText({ offset: first.offset, what: describeSyntaxError(first.error) }),
    ])
  if (root === undefined) return undefined
  const twice = [...namesTwice(root)]
  if (twice.length > 0) throw mistakesIn(json, twice.map(inText))
  return getNodeValue(root)
}

/** Where each token is, and its first character. Comments are none. */
function* readTokens(json: string): Generator<{ offset: number; first: string }, undefined> {
  const scanner = createScanner(json, true)
  for (scanner.scan(); scanner.getTokenLength() > 0; scanner.scan()) {
    const offset = scanner.getTokenOffset()
    yield { offset, first: json.charAt(offset) }
  }
}

function findTooDeep(json: string): Mistake | undefined {
  let depth = 0
  for (const { offset, first } of readTokens(json)) {
    if (first === '{' || first === '[') depth += 1
    if (first === '}' || first === ']') depth -= 1
    if (depth > maximumDepth)
      return { offset, what: `more than ${maximumDepth} levels of brackets` }
  }
  return undefined
}

function* namesTwice(node: Node): Generator<Mistake> {
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

function mistakesIn(json: string, mistakes: readonly Mistake[]): ConfigurationError {
  return new ConfigurationError(mistakes.map((mistake) => problemAt(json, mistake)))
}

function problemAt(json: string, { offset, what }: Mistake): ConfigurationProblem {
  const before = json.slice(0, offset).split('\n')
  const column = (before.at(-1)?.length ?? 0) + 1
  return {
    subject: 'JSON',
    path: `line ${before.length}, column ${column}`,
    message: `has ${what}; expected a JSON object, each name in it once`,
  }
}
