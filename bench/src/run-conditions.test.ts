import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { pathToFileURL } from 'node:url'

import { describeCommit, describeRun, requireCommit } from './run-conditions.ts'

describe('the commit of a report', () => {
  it('is named as it is, and good enough, while the files are its own', async (t) => {
    const { folder, write } = await createRepository(t)
    for (const name of ['performance', 'reliability']) await write(`docs/${name}.md`, 'of this run')

    assert.match(describeCommit(folder), /^commit [\da-f]{7,}$/)
    requireCommit(folder)
  })

  for (const file of ['kept.ts', 'new.ts'])
    it(`is refused, or named with changes, when ${file} is not as it was committed`, async (t) => {
      const { folder, write } = await createRepository(t)
      await write(file, 'changed')

      assert.match(describeCommit(folder), /^commit [\da-f]{7,} with changes$/)
      assert.throws(
        () => requireCommit(folder),
        /commit the changes first, or measure a part with --only/,
      )
    })

  it('is refused, or unknown, where there is no repository', async (t) => {
    const { folder } = await createFolder(t)

    assert.equal(describeCommit(folder), 'commit unknown')
    assert.throws(() => requireCommit(folder), /these files are not those of a commit/)
  })
})

describe('a run', () => {
  it('is told by its day, its machine and its commit', () => {
    const run = describeRun(new Date('2026-01-02T03:04:05Z'))

    assert.match(run, /^2026-01-02, .+ cores, .+, Node \d+\.\d+\.\d+, commit /)
  })
})

async function createRepository(t: TestContext) {
  const created = await createFolder(t)
  const git = (...args: string[]) => execFileSync('git', args, { cwd: created.folder })
  await created.write('kept.ts', 'as committed')
  for (const name of ['performance', 'reliability'])
    await created.write(`docs/${name}.md`, 'of the last run')
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
