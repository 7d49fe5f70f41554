import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'

import { answeredBy, beginsSignIn, checkedBy, type Source, sentBy } from './diagram-sources.ts'
import { findStaleDiagrams } from './diagrams.ts'
import { workspaceRoot } from './projects.ts'

describe('the diagrams of what happens', () => {
  it("are in each scenario's README as they were recorded (npm run generate)", () => {
    assert.deepEqual([...findStaleDiagrams().keys()], [])
  })

  const named = [sentBy, checkedBy, answeredBy].flatMap<Source>(Object.values)
  for (const { file, name } of [...named, beginsSignIn])
    it(`name a function that exists: ${name} in ${file}`, () => {
      const path = join(workspaceRoot, file)
      const declaration = new RegExp(`^export (async )?(function|const) ${name}\\b`, 'm')

      assert.ok(existsSync(path))
      assert.match(readFileSync(path, 'utf8'), declaration)
    })
})
