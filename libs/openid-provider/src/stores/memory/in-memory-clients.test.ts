import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { machine } from '../../../test-support/registrations.ts'
import { inMemoryClients } from './in-memory-clients.ts'

describe('inMemoryClients', () => {
  it('finds a client by its exact id', async () => {
    const store = inMemoryClients([{ ...machine, clientId: 'one' }])

    assert.equal((await store.findClientById('one'))?.clientId, 'one')
    assert.equal(await store.findClientById('One'), undefined)
    assert.equal(await store.findClientById('constructor'), undefined)
  })

  it('allows the origins of all clients, but for those of disabled ones', async () => {
    const withOrigin = (clientId: string, origin: string, enabled = true) => ({
      ...machine,
      ...{ clientId, enabled, allowedCorsOrigins: [origin] },
    })
    const store = inMemoryClients([
      withOrigin('one', 'https://one.example'),
      withOrigin('two', 'https://two.example', false),
    ])

    assert.equal(await store.isCorsOriginAllowed('https://one.example'), true)
    assert.equal(await store.isCorsOriginAllowed('https://two.example'), false)
    assert.equal(await store.isCorsOriginAllowed('https://three.example'), false)
  })

  it('lists every mistake of every client', () => {
    const clients = [
      { ...machine, clientId: 'one', accessTokenLifetime: 0 },
      { ...machine, clientId: 'two' },
      { ...machine, clientId: 'two', allowedGrantTypes: [] },
    ]

    assert.throws(() => inMemoryClients(clients), {
      name: 'ConfigurationError',
      message: [
        'client one: accessTokenLifetime is 0; it is a positive whole number of seconds',
        'client two: clientId is used by another client too',
        'client two: allowedGrantTypes is empty; name at least one, see GrantTypes',
      ].join('\n'),
    })
  })
})
