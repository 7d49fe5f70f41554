import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { createTally } from './fuzz-tally.ts'
import { get } from './request-kind.ts'

const kind = get('/page', [200, '<h1>Page</h1>'])
const served = 'HTTP/1.1 200 OK\r\n\r\n<h1>Page</h1>'

/** All but the first of which were altered. */
function tallyOf(counts: readonly [answer: string, times: number][], unaltered = 0) {
  const tally = createTally()
  const answers = counts.flatMap(([answer, times]) => Array.from({ length: times }, () => answer))
  for (const [n, answer] of answers.entries()) tally.count(kind, n >= unaltered, answer)
  return tally
}

describe('the tally of a fuzz run', () => {
  it('tells what was altered and what was served, and of what the fewest', () => {
    const counts: [string, number][] = [
      [served, 30],
      ['HTTP/1.1 400 Bad Request\r\n\r\n', 69],
      ['', 1],
    ]
    const tally = tallyOf(counts, 15)

    assert.equal(
      tally.requireShares(),
      '85.0 % altered, the fewest of 85.0 % of 100 GET /page → 200 <h1>Page</h1>; 30.0 % served, the fewest of 30.0 % of 100 GET /page → 200 <h1>Page</h1>; 1.0 % reset',
    )
  })

  it('refuses that many were sent as they are', () => {
    assert.throws(
      () => tallyOf([[served, 100]], 25).requireShares(),
      /a share of 0\.75 was altered/,
    )
  })

  it('refuses a kind of which too few were altered, however many of the others', () => {
    const tally = tallyOf([[served, 1_000]])
    const spared = get('/spared', [200, ''])
    for (let n = 0; n < 20; n++) tally.count(spared, n < 10, 'HTTP/1.1 200 OK\r\n\r\n')

    assert.throws(() => tally.requireShares(), /too few were altered: 50\.0 % of 20 GET \/spared/)
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
    for (let n = 0; n < 20; n++) tally.count(rotten, true, 'HTTP/1.1 404 Not Found\r\n\r\n')

    assert.throws(() => tally.requireShares(), /0\.0 % of 20 GET \/rotten/)
  })

  it('does not judge a kind by a handful, but neither is a handful enough', () => {
    const tally = tallyOf([[served, 20]])
    tally.count(get('/rare', [200, '']), false, '')

    assert.match(tally.requireShares(), /^95\.2 % altered, the fewest of 100\.0 % of 20 GET \/page/)
    assert.throws(() => tallyOf([[served, 19]]).requireShares(), /too few were sent/)
  })

  it('refuses that many get no answer', () => {
    const tally = tallyOf([
      [served, 90],
      ['', 10],
    ])

    assert.throws(() => tally.requireShares(), /a share of 0\.1 got no answer/)
  })
})
