import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { createTally } from './fuzz-tally.ts'
import { get } from './request-kind.ts'

const kind = get('/page', [200, '<h1>Page</h1>'])
const served = 'HTTP/1.1 200 OK\r\n\r\n<h1>Page</h1>'

function tallyOf(counts: readonly [answer: string, times: number][]) {
  const tally = createTally()
  for (const [answer, times] of counts) for (let n = 0; n < times; n++) tally.count(kind, answer)
  return tally
}

describe('the tally of a fuzz run', () => {
  it('tells what was served, and of what the fewest', () => {
    const tally = tallyOf([
      [served, 30],
      ['HTTP/1.1 400 Bad Request\r\n\r\n', 69],
      ['', 1],
    ])

    assert.equal(
      tally.requireShares(),
      '30.0 % served, 1.0 % reset; the fewest of 30.0 % of 100 GET /page → 200 <h1>Page</h1>',
    )
  })

  for (const [what, answer] of Object.entries({
    'another status': 'HTTP/1.1 400 Bad Request\r\n\r\n<h1>Page</h1>',
    'another page': 'HTTP/1.1 200 OK\r\n\r\n<h1>Error</h1>',
  }))
    it(`does not count ${what} as served`, () => {
      const tally = tallyOf([[answer, 20]])

      assert.throws(() => tally.requireShares(), /too few were served: 0\.0 % of 20 GET \/page/)
    })

  it('refuses a kind of which too few were served, however many of the others', () => {
    const tally = tallyOf([[served, 1_000]])
    const rotten = get('/rotten', [200, ''])
    for (let n = 0; n < 20; n++) tally.count(rotten, 'HTTP/1.1 404 Not Found\r\n\r\n')

    assert.throws(() => tally.requireShares(), /0\.0 % of 20 GET \/rotten/)
  })

  it('refuses that many get no answer', () => {
    const tally = tallyOf([
      [served, 90],
      ['', 10],
    ])

    assert.throws(() => tally.requireShares(), /a share of 0\.1 got no answer/)
  })
})
