import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'

import { watchFile } from './watch-file.ts'

describe('watchFile', () => {
  it('notices an edit in place of equal length, also when the time of change is put back', async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'watch-file-'))
    t.after(() => rmSync(folder, { recursive: true }))
    const path = join(folder, 'file')
    const longAgo = new Date(Date.UTC(2026, 0, 1))
    const write = (text: string) => {
      writeFileSync(path, text)
      utimesSync(path, longAgo, longAgo)
      return statSync(path, { bigint: true })
    }
    const before = write('one')
    const { promise: change, resolve, reject } = Promise.withResolvers<void>()
    t.after(watchFile(path, 20, resolve))
    // What watches keeps no process alive; this does, and ends the waiting.
    const limit = setTimeout(() => reject(new Error('no change was noticed')), 10_000)
    t.after(() => clearTimeout(limit))

    // A clock of coarse ticks may show the first edits the time of the writing before.
    let after = write('two')
    while (after.ctimeNs === before.ctimeNs) after = write('two')

    assert.deepEqual([after.size, after.mtimeNs], [before.size, before.mtimeNs])
    await change
  })
})
