import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'

import { listTakenFiles, withoutNx } from './taken-files.ts'

const sources = ['main.ts', 'main.test.ts', 'main.test-setup.ts', 'browser/page.css']
const privates = ['.env', 'key.pem', 'browser/.secret/key.ts', 'server.key']

/** A workspace with an app. */
function createWorkspace(t: TestContext): string {
  const root = mkdtempSync(join(tmpdir(), 'taken-'))
  t.after(() => rmSync(root, { recursive: true }))
  for (const name of [...sources, ...privates]) {
    const path = join(root, 'apps/mine/src', name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, '')
  }
  return root
}

function list(root: string): string[] {
  return listTakenFiles(root, 'apps/mine/src').sort()
}

const taken = ['apps/mine/src/browser/page.css', 'apps/mine/src/main.ts']

describe('the sources that go along', () => {
  const hasGit = spawnSync('git', ['--version']).status === 0

  it('are those that Git tracks', { skip: !hasGit && 'Git is not installed' }, (t) => {
    const root = createWorkspace(t)
    const git = (...args: string[]) => spawnSync('git', args, { cwd: root })
    const later = join(root, 'apps/mine/src/registration-of-mine.ts')
    const deleted = join(root, 'apps/mine/src/deleted.ts')
    writeFileSync(deleted, '')
    git('init', '--quiet')
    git('add', ...[...sources, 'deleted.ts'].map((name) => `apps/mine/src/${name}`))
    writeFileSync(later, '')
    rmSync(deleted)

    assert.deepEqual(list(root), taken)
  })

  it('are all but the private ones where nothing is tracked', (t) => {
    assert.deepEqual(list(createWorkspace(t)), taken)
  })
})

describe('a source that goes along', () => {
  it('names a script in place of a target', () => {
    assert.equal(
      withoutNx('  npx nx run identity-server:clients -- <command>\n'),
      '  npm run clients -- <command>\n',
    )
  })

  it('has no command to serve another project', () => {
    assert.equal(
      withoutNx('<p>it</p>\n  <p><code>npx nx serve <%= it.name %></code></p>\n<p>that</p>\n'),
      '<p>it</p>\n<p>that</p>\n',
    )
  })
})
