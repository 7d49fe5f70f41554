import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'

import { createConfigurationJsonSchema } from '@basics/openid-provider/configuration-file'

const program = join(import.meta.dirname, 'print-configuration-schema.ts')
const schema = createConfigurationJsonSchema()

function prepare(t: TestContext) {
  const cwd = mkdtempSync(join(tmpdir(), 'configuration-schema-'))
  t.after(() => rmSync(cwd, { recursive: true }))
  const run = (...options: string[]) =>
    execFileSync(process.execPath, [program, ...options], { cwd, encoding: 'utf8' })
  return { cwd, run }
}

describe('the command that prints the schema of configuration files', () => {
  it('writes it, and nothing else, to the file that it is given', (t) => {
    const { cwd, run } = prepare(t)

    assert.equal(run('own.schema.json'), 'own.schema.json is written\n')
    assert.deepEqual(JSON.parse(readFileSync(join(cwd, 'own.schema.json'), 'utf8')), schema)
  })

  it('prints it when it is given no file', (t) => {
    assert.deepEqual(JSON.parse(prepare(t).run()), schema)
  })
})
