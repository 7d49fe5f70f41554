import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { machine } from '../../test-support/registrations.ts'
import { combinedClients } from './combined-clients.ts'
import { inMemoryClients } from './memory/in-memory-clients.ts'

const withOrigin = (clientId: string, origin: string, enabled = true) => ({
  ...machine,
  ...{ clientId, enabled, allowedCorsOrigins: [origin] },
})
const store = combinedClients(
  inMemoryClients([
    withOrigin('one', 'https://one.example'),
    withOrigin('off', 'https://off.example', false),
  ]),
  inMemoryClients([
    withOrigin('one', 'https://two.example'),
    withOrigin('off', 'https://x.example'),
  ]),
  inMemoryClients([withOrigin('three', 'https://three.example')]),
)

describe('combinedClients', () => {
  it('finds the client of the first store that has it', async () => {
    const one = await store.findClientById('one')

    assert.deepEqual(one?.allowedCorsOrigins, ['https://one.example'])
    assert.equal((await store.findClientById('three'))?.clientId, 'three')
    assert.equal(await store.findClientById('four'), undefined)
  })

  it('has no other client step in for one that is disabled', async () => {
    assert.equal((await store.findClientById('off'))?.enabled, false)
  })

  it('allows the origins of every store', async () => {
    assert.equal(await store.isCorsOriginAllowed('https://three.example'), true)
    assert.equal(await store.isCorsOriginAllowed('https://four.example'), false)
  })
})
