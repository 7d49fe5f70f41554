import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { clients } from './index.ts'

describe('the registration of', () => {
  for (const client of clients.filter(({ clientId }) => clientId.startsWith('mvc-')))
    it(`${client.clientId} says how the application learns of a logout elsewhere`, () => {
      assert.ok(client.frontChannelLogoutUri ?? client.backChannelLogoutUri)
    })
})
