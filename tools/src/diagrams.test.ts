import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'

import { scenarios } from '@basics/sample-kit'

import { sentBy } from './diagram-senders.ts'
import {
  answeredBy,
  beginsSignIn,
  checkedBy,
  checksInPage,
  type Source,
} from './diagram-sources.ts'
import { findStaleDiagrams, readTraffic } from './diagrams.ts'
import { workspaceRoot } from './projects.ts'
import { readExchanges } from './read-exchanges.ts'

const exchanges = scenarios.flatMap(({ name }) => readExchanges(name, readTraffic(name)))
const senders = exchanges.flatMap(({ sender }) =>
  typeof sender === 'object' && 'file' in sender ? [sender] : [],
)

describe('the diagrams of what happens', () => {
  it("are in each scenario's README as they were recorded (npm run generate)", () => {
    assert.deepEqual([...findStaleDiagrams().keys()], [])
  })

  it('need all that is known of who sends what', () => {
    assert.deepEqual(
      sentBy.filter((sending) => !senders.includes(sending)),
      [],
    )
  })

  it('name a main.ts where that sends by itself', () => {
    const signs: Readonly<Record<string, string>> = {
      'GET /.well-known/openid-configuration': 'await discovery(',
      'POST /connect/token': 'Grant(',
      'GET /identity': 'fetch(`',
    }
    for (const { file, name, request } of senders)
      if (name === undefined) assert.ok(read(file).includes(signs[request] ?? '?'), request + file)
  })

  const readers = sentBy.flatMap(({ answerReadBy }) => answerReadBy ?? [])
  const known = [checkedBy, answeredBy, checksInPage].flatMap<Source>(Object.values)
  for (const { file, name } of [...sentBy, ...readers, ...known, beginsSignIn])
    it(`name what exists: ${name} in ${file}`, () => {
      const declaration = new RegExp(`^(export )?(async )?(function|const) ${name}\\b`, 'm')

      assert.match(read(file), name === undefined ? /./ : declaration)
    })
})

function read(file: string): string {
  return readFileSync(join(workspaceRoot, file), 'utf8')
}
