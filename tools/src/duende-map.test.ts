import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'

import { readProjects, workspaceRoot } from './projects.ts'

const page = readFileSync(join(workspaceRoot, 'docs/duende-map.md'), 'utf8')

describe('docs/duende-map.md', () => {
  it('has every sample, and none that is not there', () => {
    const apps = readProjects(workspaceRoot).filter(
      ({ kind }) => kind !== undefined && kind !== 'tool',
    )
    const rows = names(section('Samples'), /^\| [^|]+ \|[^|]+\| `([\w-]+)`/gm)

    assert.deepEqual(rows.toSorted(), apps.map(({ name }) => name).toSorted())
  })

  const client = readSource('model/client.ts')
  const properties = new Set([
    ...names(body(client, 'export interface Client {'), /^ {2}readonly (\w+)\??:/gm),
    ...names(body(client, 'export const clientDefaults = {'), /^ {2}(\w+):/gm),
  ])
  it('has every property of a client', () => {
    assert.ok(properties.size > 40, `${properties.size} properties`)
    assert.deepEqual(withoutCell([...properties], section('Clients')), [])
  })

  const options = names(
    body(readSource('provider-options.ts'), 'export interface ProviderOptions {'),
    /^ {2}readonly (\w+)\??:/gm,
  )
  it('has every option of the token service', () => {
    assert.ok(options.length > 8, `${options.length} options`)
    assert.deepEqual(withoutCell(options, section('Its options')), [])
  })

  const paths = names(readSource('endpoints/paths.ts'), /: '(\/[^']+)',/g)
  it('has the path of every endpoint', () => {
    assert.ok(paths.length > 10, `${paths.length} paths`)
    assert.deepEqual(withoutCell(paths, section('Endpoints')), [])
  })
})

function readSource(path: string): string {
  return readFileSync(join(workspaceRoot, 'libs/openid-provider/src', path), 'utf8')
}

/** From a declaration to the brace that ends it, at the beginning of a line. */
function body(source: string, declaration: string): string {
  const [, after = ''] = source.split(declaration)
  return after.split('\n}', 1)[0] ?? ''
}

function section(heading: string): string {
  const [, after = ''] = page.split(`\n## ${heading}\n`)
  return after.split('\n## ', 1)[0] ?? ''
}

function names(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([, name = '']) => name)
}

/** Those that no cell of a table begins with. */
function withoutCell(wanted: readonly string[], tables: string): string[] {
  return wanted.filter((name) => !tables.includes(`| \`${name}\``))
}
