import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { findBrokenJson, findTypeErrors, findUnknownTargets, readPrograms } from './code-blocks.ts'
import { type Page, readCodeBlocks, readPages } from './pages.ts'
import { workspaceRoot } from './projects.ts'

describe('code on the pages', () => {
  const pages = readPages(workspaceRoot)

  it('passes the type checker', async () => {
    const programs = pages.flatMap(readPrograms)
    assert.ok(programs.length > 8, `${programs.length} programs`)
    assert.deepEqual(await findTypeErrors(programs), [])
  })

  it('says what language it is in, by the name that the checks know', () => {
    const known = ['', 'diff', 'http', 'json', 'mermaid', 'sh', 'text', 'ts']
    const blocks = pages.flatMap(readCodeBlocks)
    assert.deepEqual(
      blocks.filter(({ language }) => !known.includes(language)),
      [],
    )
  })

  it('is JSON where it says so', () => {
    assert.deepEqual(findBrokenJson(pages), [])
  })

  it('starts targets that are there', () => {
    assert.deepEqual(findUnknownTargets(pages, workspaceRoot), [])
  })
})

describe('the check of code on pages', () => {
  it("names the page's line, and every mistake on it", async () => {
    const first = createPage('docs/first.md', [
      '# A page',
      '```ts',
      "export const client: number = 'shop'",
      '```',
    ])
    const second = createPage('docs/second.md', [
      '```ts',
      "export { nothing } from '@basics/protocol'",
      '```',
    ])

    const errors = await findTypeErrors([first, second].flatMap(readPrograms))

    assert.deepEqual(
      errors.map((error) => error.split(':').slice(0, 3).join(':')),
      ['docs/first.md:3: TS2322', 'docs/second.md:2: TS2305'],
    )
  })

  it('takes a block that continues with the one before, and no other', async () => {
    const page = createPage('docs/page.md', [
      '```ts',
      "const client = 'shop'",
      '```',
      'and then',
      '```ts continues',
      'export const clients = [client]',
      '```',
      'or else',
      '```ts',
      'export const others = [client]',
      '```',
    ])

    const programs = readPrograms(page)

    assert.equal(programs.length, 2)
    assert.match((await findTypeErrors(programs)).join('\n'), /^docs\/page\.md:10: TS2304: .*$/)
  })

  it('takes an indented block, and one after a block in no language', async () => {
    const page = createPage('docs/page.md', [
      '```',
      'a map',
      '```',
      '1. First:',
      '   ```ts',
      '   export const x: string = 1',
      '   ```',
    ])

    assert.match((await findTypeErrors(readPrograms(page))).join('\n'), /^docs\/page\.md:6: TS2322/)
  })

  it('is as strict as the workspace', async () => {
    const page = createPage('docs/page.md', ['```ts', 'export const x = [1][0].toFixed()', '```'])

    assert.match((await findTypeErrors(readPrograms(page))).join('\n'), /^docs\/page\.md:2: TS2532/)
  })

  it('shows what is no JSON', () => {
    const page = createPage('docs/page.md', ['```json', '{}', '```', '', '```json', '{a}', '```'])

    assert.match(findBrokenJson([page]).join('\n'), /^docs\/page\.md:6: SyntaxError.*$/)
  })

  it('shows targets that are not there', () => {
    const page = createPage('docs/page.md', [
      '`npx nx serve mvc-basic`, `npx nx serve mvc`',
      '`npx nx serve <scenario>`, `npx nx run identity-server:clients -- list`',
      '```sh',
      'npx nx run identity-server:client',
      'npx nx run nobody:serve',
      '```',
    ])

    assert.deepEqual(findUnknownTargets([page], workspaceRoot), [
      'docs/page.md: npx nx serve mvc',
      'docs/page.md: npx nx run identity-server:client',
      'docs/page.md: npx nx run nobody:serve',
    ])
  })
})

function createPage(path: string, lines: readonly string[]): Page {
  return { path, text: `${lines.join('\n')}\n` }
}
