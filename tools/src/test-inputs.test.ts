import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, sep } from 'node:path'
import { describe, it, type TestContext } from 'node:test'

import { workspaceRoot } from './projects.ts'
import { findMissingInputs } from './test-inputs.ts'

/** A workspace of one project, whose only file says that. */
function createWorkspace(t: TestContext, source: string, inputs?: readonly unknown[]): string {
  const root = mkdtempSync(join(tmpdir(), 'test-inputs-'))
  t.after(() => rmSync(root, { recursive: true }))
  const nx = { name: 'bench', targets: { test: inputs ? { inputs } : {} } }
  mkdirSync(join(root, 'bench'))
  writeFileSync(join(root, 'bench/package.json'), JSON.stringify({ name: '@basics/bench', nx }))
  writeFileSync(join(root, 'bench/start.ts'), source)
  return root + sep
}

describe('programs that tests start', () => {
  const start = "spawn('node', [`apps/web/src/main.ts`])"
  const missing = ['bench/start.ts names apps/, which the target test has not among its inputs']

  it('are among the inputs of the tests', () => {
    assert.deepEqual(findMissingInputs(workspaceRoot), [])
  })

  it('are missed where they are not', (t) => {
    const elsewhere = "await import(new URL('../../apps/web/src/main.ts', import.meta.url).href)"

    assert.deepEqual(findMissingInputs(createWorkspace(t, start)), missing)
    assert.deepEqual(findMissingInputs(createWorkspace(t, elsewhere)), missing)
    const others = ['default', { env: 'apps' }, '{workspaceRoot}/libs/**/*']
    assert.deepEqual(findMissingInputs(createWorkspace(t, start, others)), missing)
  })

  it('are there as one of them, or with all files', (t) => {
    for (const input of ['{workspaceRoot}/apps/web/**/*', '{workspaceRoot}/**/*'])
      assert.deepEqual(findMissingInputs(createWorkspace(t, start, ['default', input])), [])
  })

  it('are not what a comment or a message names', (t) => {
    const source = "/**\n * As in `apps/`.\n */\n// 'apps/web'\nconst said = 'see apps/web'\n"

    assert.deepEqual(findMissingInputs(createWorkspace(t, source)), [])
  })
})
