import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'

import { requireOpenFiles } from './open-files.ts'

describe('open files', () => {
  it('are required for all connections and some more', () => {
    requireOpenFiles(10_000, 10_200)
    assert.throws(() => requireOpenFiles(10_000, 10_199), {
      message:
        '10000 connections need 10200 open files, and a process may have 10199 here: raise the hard limit (ulimit -Hn)',
    })
  })

  it('are as many as the system allows', { skip: process.platform === 'win32' }, () => {
    const file = fileURLToPath(new URL('open-files.ts', import.meta.url))
    const program = `try { require(process.argv[1]).requireOpenFiles(100) }
      catch ({ message }) { console.log(message) }`
    const limited = 'ulimit -n 256 && exec "$0" -e "$1" "$2"'

    const said = execFileSync('sh', ['-c', limited, process.execPath, program, file])

    assert.match(said.toString(), /^100 connections need 300 open files, .* may have 256 here/)
  })
})
