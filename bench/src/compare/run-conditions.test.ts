import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { pathToFileURL } from 'node:url'

import { describeCommit } from './run-conditions.ts'

describe('the commit of a report', () => {
  it('is named as it is while the files are its own', async (t) => {
    const { folder, write } = await createRepository(t)
    await write('docs/performance.md', 'of this run')

    assert.match(describeCommit(folder), /^commit [\da-f]{7,}$/)
  })

  for (const file of ['kept.ts', 'new.ts'])
    it(`is named with changes when ${file} is not as it was committed`, async (t) => {
      const { folder, write } = await createRepository(t)
      await write(file, 'changed')

      assert.match(describeCommit(folder), /^commit [\da-f]{7,} with changes$/)
    })

  it('is unknown where there is no repository', async (t) => {
    const { folder } = await createFolder(t)

    assert.equal(describeCommit(folder), 'commit unknown')
  })
})

async function createRepository(t: TestContext) {
  const created = await createFolder(t)
  const git = (...args: string[]) => execFileSync('git', args, { cwd: created.folder })
  await created.write('kept.ts', 'as committed')
  await created.write('docs/performance.md', 'of the last run')
  git('init', '--quiet')
  git('add', '.')
  const author = ['-c', 'user.name=Alice', '-c', 'user.email=alice@example.com']
  git(...author, '-c', 'commit.gpgsign=false', 'commit', '--quiet', '--message', 'first')
  return created
}

async function createFolder(t: TestContext) {
  const path = await mkdtemp(join(tmpdir(), 'bench-commit-'))
  t.after(() => rm(path, { recursive: true }))
  await mkdir(join(path, 'docs'))
  return {
    folder: pathToFileURL(path),
    write: (file: string, text: string) => writeFile(join(path, file), text),
  }
}
