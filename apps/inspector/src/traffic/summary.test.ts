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
