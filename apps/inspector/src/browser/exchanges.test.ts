import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { recording } from '../../test-support/recording.ts'
import { createExchange } from '../traffic/create-exchange.ts'
import { type Summary, summarize } from '../traffic/summary.ts'
import { knownExchanges } from './exchanges.js'

describe('the exchanges that the page knows', () => {
  it('are in the order they began in', () => {
    const { all, replace } = knownExchanges()

    replace([summary(1, 2000), summary(2, 1000)])

    assert.deepEqual(all().map(readId), [2, 1])
  })

  it('are those that the inspector has still', () => {
    const { all, replace, add } = knownExchanges()
    replace([summary(1), summary(2), summary(3)])

    add(summary(4), 3)

    assert.deepEqual(all().map(readId), [3, 4])
  })

  it('are each there once, as it is known last', () => {
    const { all, replace, add } = knownExchanges()
    replace([summary(1)])

    add(summary(1, 5000), 1)

    assert.deepEqual(
      all().map(({ startedAt }) => startedAt),
      [5000],
    )
  })
})

function summary(id: number, startedAt = 1000 * id): Summary {
  return summarize(createExchange(id, recording({ startedAt }), undefined))
}

function readId({ id }: Summary): number {
  return id
}
