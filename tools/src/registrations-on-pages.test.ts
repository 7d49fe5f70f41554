import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { pathToFileURL } from 'node:url'

import { ConfigurationError } from '@basics/openid-provider'
import {
  clientFromConfiguration,
  clientsFromConfiguration,
} from '@basics/openid-provider/configuration-file'

import { type Program, readPrograms, withFiles } from './code-blocks.ts'
import { type CodeBlock, type Page, readCodeBlocks, readPages } from './pages.ts'
import { workspaceRoot } from './projects.ts'

/** A block of JSON that registers something, and what the page shows with it. */
interface Registration {
  readonly block: CodeBlock
  /** The program right before it, which registers the same. */
  readonly program: Program | undefined
  /** The text right after it: what is said about its mistakes. */
  readonly mistakes: string | undefined
}

// Before every date on a page, so that no secret there ever expires.
const now = 0

describe('registrations on the pages', async () => {
  const registrations = readPages(workspaceRoot).flatMap(readRegistrations)
  const inBothForms = registrations.filter(({ program }) => program !== undefined)
  const programs = inBothForms.flatMap(({ program }) => program ?? [])
  const modules = await withFiles(programs, (_folder, files) =>
    Promise.all(files.map((file) => import(pathToFileURL(file).href))),
  )

  it('are there', () => {
    assert.ok(inBothForms.length > 8, `${inBothForms.length} in both forms`)
  })

  for (const { block, mistakes } of registrations)
    it(`are read as they stand: ${block.path}:${block.line}`, () => {
      assert.deepEqual(mistakesIn(block.text), mistakes?.trimEnd().split('\n') ?? [])
    })

  for (const [index, { block }] of inBothForms.entries())
    it(`are the same in TypeScript as in JSON: ${block.path}:${block.line}`, () => {
      assert.deepEqual({ ...modules[index] }, readAs(Object.keys(modules[index]), block.text))
    })
})

function readRegistrations(page: Page): Registration[] {
  const blocks = readCodeBlocks(page)
  const programs = readPrograms(page)
  return blocks.flatMap((block, index) => {
    if (block.language !== 'json' || !/"(IdentityServer|ClientId)"/.test(block.text)) return []
    const [before, after] = [blocks[index - 1], blocks[index + 1]]
    const program = programs.find(({ line }) => line === before?.line)
    return { block, program, mistakes: after?.language === 'text' ? after.text : undefined }
  })
}

function read(json: string) {
  if (!json.includes('"IdentityServer"')) {
    const { client, warnings } = clientFromConfiguration(json, { now })
    return { client, warnings }
  }
  return clientsFromConfiguration(json, { now })
}

/** Of one client its registration, under the name that the program gives it; of a file its lists. */
function readAs(names: readonly string[], json: string): object {
  const { warnings, ...registered } = read(json)
  if (!('client' in registered)) return registered
  return Object.fromEntries(names.map((name) => [name, registered.client]))
}

/** What keeps it from being served, and what has no effect. */
function mistakesIn(json: string): string[] {
  try {
    return read(json).warnings.map(({ path, message }) => `${path} ${message}`)
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message.split('\n')
    throw error
  }
}
