import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { recording } from '../../test-support/recording.ts'
import type { Recording } from '../recording.ts'
import { createExchange } from './create-exchange.ts'
import { summarize } from './summary.ts'

const { response: _, ...unanswered } = recording()
const found = {
  status: 302,
  headers: [['Location', 'http://localhost:44303/a?b']],
  body: '',
} as const

it('is short, whatever was said, since every page that watches gets all of them', () => {
  const long = 'x'.repeat(100_000)
  const { response: _, ...seen } = recording({
    app: long,
    method: long,
    url: `http://localhost:5001/${long}?client_id=${long}&${long}`,
    error: long,
  })
  const headers = [['Location', `http://${long}/${long}?${long}`]] as const
  const redirected = { ...seen, response: { ...found, headers } }

  for (const each of [seen, redirected])
    for (const exchange of [
      createExchange(1, each, undefined),
      createExchange(2, undefined, each),
    ]) {
      const summary = JSON.stringify(summarize(exchange))

      assert.ok(summary.length < 3000, `${summary.length} characters`)
    }
})

describe('the summary of an answer', () => {
  for (const [response, isError, seen] of [
    ['200', false, recording()],
    ['302 to mvc-par /a', false, recording({ response: found })],
    ['404', true, recording({ response: { status: 404, headers: [], body: '' } })],
    ['200 · the connection was closed', true, recording({ error: 'the connection was closed' })],
    ['the connection was closed', true, { ...unanswered, error: 'the connection was closed' }],
  ] as [string, boolean, Recording][])
    it(`is ${response}`, () => {
      const summary = summarize(createExchange(1, seen, undefined))

      assert.deepEqual([summary.response, summary.isError], [response, isError])
    })
})
