import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'

import { readProjects, workspaceRoot } from './projects.ts'

const page = readFileSync(join(workspaceRoot, 'docs/architecture.md'), 'utf8')
const [map = '', dependencies = ''] = page
  .matchAll(/^```\n([\s\S]+?)^```$/gm)
  .map(([block]) => block)
const folders = readProjects(workspaceRoot).map(({ folder }) => folder)

describe('docs/architecture.md', () => {
  it('has all that is no app in its map', () => {
    const others = folders.filter((folder) => !folder.startsWith('apps/'))
    const names = others.map((folder) => folder.replace('libs/', '  '))

    assert.ok(names.length > 8, `${names.length} folders`)
    assert.deepEqual(
      names.filter((name) => !map.includes(`\n${name}/ `)),
      [],
    )
  })

  it('has every library in the picture of what depends on what', () => {
    const libraries = folders.filter((folder) => folder.startsWith('libs/'))
    const names = libraries.map((folder) => folder.replace('libs/', ''))

    assert.deepEqual(
      names.filter((name) => !dependencies.includes(name)),
      [],
    )
  })
})
