import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { browsed, recording } from '../../test-support/recording.ts'
import { exchangeHistory } from './exchange-history.ts'

const server = recording({ side: 'server', app: 'simple-api', startedAt: 1_000_001 })

describe('exchange history', () => {
  for (const [order, sides] of Object.entries({
    'the client first': [recording(), server],
    'the server first': [server, recording()],
  }))
    it(`makes one exchange of what two sides saw, ${order}`, () => {
      const history = exchangeHistory()
      for (const side of sides) history.add(side)

      const exchanges = history.all()
      assert.equal(exchanges.length, 1)
      const { id, from, to, channel, startedAt } = exchanges[0] ?? {}
      assert.deepEqual(
        { id, from, to, channel, startedAt },
        { id: 1, from: 'mvc-par', to: 'simple-api', channel: 'back', startedAt: 1_000_000 },
      )
    })

  for (const [what, other] of Object.entries({
    connection: { ...server, connection: '50009-5002' },
    method: { ...server, method: 'POST' },
    path: { ...server, url: 'http://localhost:5002/other' },
    time: { ...server, startedAt: 1_006_000 },
    side: { ...recording(), app: 'other' },
  }))
    it(`keeps apart what differs in ${what}`, () => {
      const history = exchangeHistory()
      history.add(recording())
      history.add(other)

      assert.equal(history.all().length, 2)
    })

  it('pairs repeated calls on one connection by time', () => {
    const history = exchangeHistory()
    for (const startedAt of [1000, 2000]) history.add(recording({ startedAt }))
    for (const startedAt of [2001, 1001])
      history.add({ ...server, startedAt, app: `server ${startedAt}` })

    assert.deepEqual(
      history.all().map(({ startedAt, to }) => [startedAt, to]),
      [
        [1000, 'server 1001'],
        [2000, 'server 2001'],
      ],
    )
  })

  it('knows a browser, by the address bar or by a script', () => {
    const history = exchangeHistory()
    history.add(browsed())
    const headers = [
      ['User-Agent', 'Mozilla/5.0'],
      ['Sec-Fetch-Mode', 'cors'],
    ] as const
    history.add(browsed({ request: { headers, body: '' } }))

    assert.deepEqual(
      history.all().map(({ from, channel }) => [from, channel]),
      [
        ['browser', 'front'],
        ['browser', 'back'],
      ],
    )
  })

  it('forgets the oldest, and all when told', () => {
    const history = exchangeHistory(2)
    for (const connection of ['a', 'b', 'c']) history.add(recording({ connection }))

    assert.deepEqual(
      history.all().map(({ id }) => id),
      [2, 3],
    )
    history.clear()
    assert.deepEqual(history.all(), [])
  })

  it('forgets the oldest of those that are large, both their sides counted', () => {
    const response = { status: 200, headers: [], body: 'x'.repeat(10_000) }
    const history = exchangeHistory(100, 90_000)
    for (const connection of ['a', 'b', 'c'])
      for (const side of ['client', 'server'] as const)
        history.add(recording({ connection, side, response }))

    assert.deepEqual(
      history.all().map(({ id }) => id),
      [2, 3],
    )
    history.clear()
    for (const connection of ['d', 'e', 'f', 'g']) history.add(recording({ connection, response }))
    assert.equal(history.all().length, 4)
  })

  it('counts headers for what they take, however short they are', () => {
    const message = { headers: Array.from({ length: 200 }, () => ['', ''] as const), body: '' }
    const response = { status: 200, ...message }
    const history = exchangeHistory(100, 100_000)
    for (const connection of ['a', 'b', 'c'])
      history.add(recording({ connection, request: message, response }))

    assert.deepEqual(
      history.all().map(({ id }) => id),
      [2, 3],
    )
    assert.equal(history.oldest()?.id, 2)
  })

  it('keeps nothing that is larger than all it may keep', () => {
    const history = exchangeHistory(100, 10)
    history.add(recording())

    assert.deepEqual(history.all(), [])
  })
})
