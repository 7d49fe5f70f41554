import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'

import { workspaceRoot } from './projects.ts'

/** Of RFC 9700 §2 and §4, without §4.17: nothing here sends messages between windows. */
const sections = [
  ...['2.1', '2.1.1', '2.1.2', '2.2.1', '2.2.2', '2.3', '2.4', '2.5', '2.6'],
  ...Array.from({ length: 16 }, (_each, index) => `4.${index + 1}`),
]

const folder = join(workspaceRoot, 'docs')
const page = readFileSync(join(folder, 'security.md'), 'utf8')
const rows = page.split('\n').filter((line) => /^\| (?!What )/.test(line))

describe('docs/security.md', () => {
  it('has a row for every section of RFC 9700 that says what to do', () => {
    const asked = rows.map((row) => row.split(' | ')[0])
    const missing = sections.filter(
      (section) => !asked.some((cell) => cell?.includes(`rfc9700.html#section-${section})`)),
    )

    assert.deepEqual(missing, [])
  })

  it('names in each row what is asked, a file and a test', () => {
    assert.ok(rows.length > 30, `${rows.length} rows`)
    for (const row of rows) {
      const [asked = '', , files = '', tests = ''] = row.split(' | ')
      assert.match(asked, /\]\(https:\/\/[^)]+#[^)]+\)/)
      assert.match(files, /\]\(\.\.\/[^)]+\.ts\)/, asked)
      assert.ok(namedTests(tests).length > 0, `${asked} has no test`)
    }
  })

  it('names tests that exist', () => {
    const missing = rows.flatMap(namedTests).filter(({ path, title }) => {
      const source = readFileSync(join(folder, path), 'utf8')
      return !['"', "'", '`'].some((quote) => source.includes(quote + title))
    })

    assert.deepEqual(missing, [])
  })
})

/** `[x.test.ts](../x.test.ts) “title”, “title”`, in a cell or a row. */
function namedTests(text: string): { path: string; title: string }[] {
  const files = text.matchAll(/\]\((\S+\.(?:test|spec)\.ts)\)((?:,? “[^”]+”)+)/g)
  return [...files].flatMap(([, path = '', titles = '']) =>
    [...titles.matchAll(/“([^”]+)”/g)].map(([, title = '']) => ({ path, title })),
  )
}
