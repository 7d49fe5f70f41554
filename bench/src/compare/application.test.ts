import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { createRow } from './application.ts'

describe('the application', () => {
  it('stands beside the other server, with how many times as much that takes', () => {
    const { cells } = createRow('start-up', { ours: '500 ms', other: '300 ms' }, [0.5, 0.6, 0.7])

    assert.deepEqual(cells, { sqlite: '500 ms', 'oidc-provider': '300 ms, 0.60 × as much' })
  })
})
