import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'

import { runProgram } from '../test-support/run-program.ts'

const program = `import { dataFolder } from './src/data-folder.ts'
  console.log(dataFolder('some-app'))`

function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'data-folder-'))
  t.after(() => rmSync(folder, { recursive: true }))
  return folder
}

describe('dataFolder', () => {
  it('makes a folder for its owner alone', async (t) => {
    const DATA_DIR = join(temporaryFolder(t), 'data')

    const { stdout } = await runProgram(t, program, { DATA_DIR })

    assert.equal(stdout, `${join(DATA_DIR, 'some-app')}\n`)
    assert.equal(statSync(join(DATA_DIR, 'some-app')).mode & 0o777, 0o700)
  })

  it('closes it again to others who were let in', {
    skip: process.platform === 'win32',
  }, async (t) => {
    const DATA_DIR = temporaryFolder(t)
    mkdirSync(join(DATA_DIR, 'some-app'))
    chmodSync(join(DATA_DIR, 'some-app'), 0o755)

    await runProgram(t, program, { DATA_DIR })

    assert.equal(statSync(join(DATA_DIR, 'some-app')).mode & 0o777, 0o700)
  })

  it('ends the process, rather than try for ever, where the system takes no folders', {
    skip: process.platform !== 'linux',
    timeout: 10_000,
  }, async (t) => {
    const { code, stderr } = await runProgram(t, program, { DATA_DIR: '/proc/basics' })

    assert.equal(code, 1)
    assert.match(stderr, /^the data folder \/proc\/basics\/some-app cannot be read and written /)
  })

  it('ends the process with a sentence when the folder cannot be made', async (t) => {
    const DATA_DIR = join(temporaryFolder(t), 'file')
    writeFileSync(DATA_DIR, '')

    const { code, stderr } = await runProgram(t, program, { DATA_DIR })

    assert.equal(code, 1)
    assert.equal(
      stderr,
      `the data folder ${join(DATA_DIR, 'some-app')} cannot be read and written (ENOTDIR): give this user access to it, or set DATA_DIR to a folder that it may use\n`,
    )
  })

  it('ends the process with a sentence when the folder cannot be written', async (t) => {
    const DATA_DIR = temporaryFolder(t)
    chmodSync(DATA_DIR, 0o755)
    mkdirSync(join(DATA_DIR, 'some-app'))
    chmodSync(join(DATA_DIR, 'some-app'), 0o555)

    // Root may write anywhere, so the program becomes nobody first.
    const asNobody = program.replace(
      'console',
      'if (process.getuid?.() === 0) process.setuid(65534)\nconsole',
    )
    const { code, stderr } = await runProgram(t, asNobody, { DATA_DIR })

    assert.equal(code, 1)
    assert.match(stderr, /^the data folder .* cannot be read and written \(EACCES\): .*\n$/)
  })
})
