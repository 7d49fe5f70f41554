import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { IssuerUnavailable, reportOnce } from './issuer-unavailable.ts'

describe('a report of an issuer that is unavailable', () => {
  it('is made once of each error', () => {
    const told: IssuerUnavailable[] = []
    const report = reportOnce((error) => told.push(error))
    const [first, second] = [new IssuerUnavailable('down', 1), new IssuerUnavailable('down', 2)]

    for (const error of [first, first, second, first]) report(error)

    assert.deepEqual(told, [first, second])
  })

  it('that cannot be made costs nobody more than a line on stderr', (t) => {
    const written = t.mock.method(console, 'error', () => {})
    const failure = new Error('the disk is full')
    const report = reportOnce(() => {
      throw failure
    })

    report(new IssuerUnavailable('down', 1))

    assert.deepEqual(written.mock.calls[0]?.arguments, [failure])
  })
})
