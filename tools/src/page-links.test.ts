import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { findBrokenLinks } from './page-links.ts'
import { readPages } from './pages.ts'
import { workspaceRoot } from './projects.ts'

describe('links on the pages', () => {
  it('lead to files and headings that are there', () => {
    assert.deepEqual(findBrokenLinks(readPages(workspaceRoot), workspaceRoot), [])
  })

  const leading = [
    '../README.md',
    '../apps/mvc-basic',
    '../libs/protocol/src/index.ts',
    'architecture.md#the-way-of-a-token-request',
    'https://nowhere.example/',
  ]
  for (const target of leading)
    it(`may lead to ${target}`, () => assert.deepEqual(findBroken(target), []))

  const broken = ['gone.md', 'README.md', 'architecture.md#gone', '#gone', '../../elsewhere']
  for (const target of broken)
    it(`are shown when they lead to ${target}`, () => {
      assert.deepEqual(findBroken(target), [`docs/page.md: ${target}`])
    })

  it('are not looked for in blocks of code', () => {
    const text = '```ts\nconst x = list[0](gone)\n```\n'
    assert.deepEqual(findBrokenLinks([{ path: 'docs/page.md', text }], workspaceRoot), [])
  })
})

function findBroken(target: string): string[] {
  const page = { path: 'docs/page.md', text: `See [that](${target}).` }
  return findBrokenLinks([page], workspaceRoot)
}
