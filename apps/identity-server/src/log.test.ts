import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'

function readLevel(LOG_LEVEL: string) {
  const source = `import { log } from './log.ts'\nconsole.log(log.level)`
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--input-type=module', '--eval', source],
    {
      cwd: fileURLToPath(new URL('.', import.meta.url)),
      env: { PATH: process.env.PATH, LOG_LEVEL },
      encoding: 'utf8',
    },
  )
  return { status, stdout, stderr }
}

describe('log', () => {
  for (const [value, level] of [
    ['debug', 'debug'],
    ['silent', 'silent'],
    ['', 'info'],
  ] as const)
    it(`takes "${value}" for ${level}`, () => {
      assert.deepEqual(readLevel(value), { status: 0, stdout: `${level}\n`, stderr: '' })
    })

  it('ends the process with a sentence for a level that it does not have', () => {
    assert.deepEqual(readLevel('loud'), {
      status: 1,
      stdout: '',
      stderr:
        'LOG_LEVEL is "loud": expected one of fatal, error, warn, info, debug, trace, silent\n',
    })
  })
})
