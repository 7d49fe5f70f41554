import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { it } from 'node:test'

import express from 'express'

import { recording } from '../test-support/recording.ts'
import { type ExchangeEvent, eventStream } from './event-stream.ts'
import { exchangeHistory } from './traffic/exchange-history.ts'

it('tells a page which exchanges are kept, so that it forgets the others too', async (t) => {
  const history = exchangeHistory(2)
  const { handler, end } = eventStream(history)
  const server = express().get('/', handler).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  const { port } = server.address() as AddressInfo

  const response = await fetch(`http://127.0.0.1:${port}/`)
  for (const connection of ['a', 'b', 'c']) history.add(recording({ connection }))
  end()

  const events = [...(await response.text()).matchAll(/^event: exchange\ndata: (.*)$/gm)]
  const told = events.map(([, data = '']) => JSON.parse(data) as ExchangeEvent)
  assert.deepEqual(
    told.map(({ exchange, oldest }) => [exchange.id, oldest]),
    [
      [1, 1],
      [2, 1],
      [3, 2],
    ],
  )
})
