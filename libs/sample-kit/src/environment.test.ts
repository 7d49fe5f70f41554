import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { runProgram } from '../test-support/run-program.ts'

const program = `import { readWholeNumber } from './src/environment.ts'
  console.log(readWholeNumber('PORT', 'fallback', { min: 1, max: 9000 }))`

describe('readWholeNumber', { concurrency: true }, () => {
  for (const [value, expected] of [
    ['1', '1'],
    ['9000', '9000'],
    ['', 'fallback'],
  ] as const) {
    it(`reads "${value}" as ${expected}`, async (t) => {
      const { stdout } = await runProgram(t, program, { PORT: value })

      assert.equal(stdout, `${expected}\n`)
    })
  }

  for (const value of ['0', '9001', '-1', '80.5', '0x50', '8e3', ' 80', 'http']) {
    it(`ends the process with a sentence for "${value}"`, async (t) => {
      const { code, stderr } = await runProgram(t, program, { PORT: value })

      assert.equal(code, 1)
      assert.equal(stderr, `PORT is "${value}": expected a whole number from 1 to 9000\n`)
    })
  }
})

describe('readChoice', { concurrency: true }, () => {
  const program = `import { readChoice } from './src/environment.ts'
    console.log(readChoice('COLOUR', 'red', ['red', 'blue']))`

  for (const [value, expected] of [
    ['blue', 'blue'],
    ['', 'red'],
  ] as const) {
    it(`reads "${value}" as ${expected}`, async (t) => {
      const { stdout } = await runProgram(t, program, { COLOUR: value })

      assert.equal(stdout, `${expected}\n`)
    })
  }

  it('ends the process with a sentence for anything else', async (t) => {
    const { code, stderr } = await runProgram(t, program, { COLOUR: 'Blue' })

    assert.equal(code, 1)
    assert.equal(stderr, 'COLOUR is "Blue": expected one of red, blue\n')
  })
})
