import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { readOptions } from './read-options.ts'

const read = (...args: string[]) => readOptions(args, ['discovery', 'refresh'])

describe('options of a comparison', () => {
  it('ask for everything, in five rounds, and for a report', () => {
    assert.deepEqual(read(), { names: ['discovery', 'refresh'], rounds: 5, isWritten: true })
  })

  it('write no report of a part, nor of fewer rounds than five', () => {
    assert.equal(read('--rounds', '5').isWritten, true)
    assert.equal(read('--rounds', '4').isWritten, false)
    assert.deepEqual(read('--only', 'refresh', '--rounds', '9'), {
      names: ['refresh'],
      rounds: 9,
      isWritten: false,
    })
  })

  for (const rounds of ['x', '', '0', '-1', '2.5', '5 '])
    it(`refuse '${rounds}' rounds`, () => {
      assert.throws(() => read(`--rounds=${rounds}`), {
        message: `--rounds is '${rounds}', and has to be a whole number of at least 1`,
      })
    })

  it('refuse a name that nothing has, before anything is measured', () => {
    assert.throws(() => read('--only', 'discovery,login'), {
      message: 'there is no login to measure',
    })
  })
})
