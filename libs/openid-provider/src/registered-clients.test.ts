import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { collectLogs } from '../test-support/collect-logs.ts'
import { machine } from '../test-support/registrations.ts'
import type { Client } from './index.ts'
import { registerClient } from './model/register-client.ts'
import { ProviderEventEmitter } from './provider-events.ts'
import { registeredClients } from './registered-clients.ts'

/** The engine's view of a store that answers with `client`, and what it asked and told. */
function registered(client: Client | undefined) {
  const { logger, lines } = collectLogs()
  const events = new ProviderEventEmitter(logger)
  const asked: string[] = []
  const told: unknown[] = []
  events.on('invalidClientConfiguration', (event) => told.push(event))
  const store = {
    findClientById: (id: string) => {
      asked.push(id)
      return client
    },
    isCorsOriginAllowed: () => false,
  }
  return { clients: registeredClients(store, { events, logger, timeout: 1 }), asked, lines, told }
}

describe('registeredClients', () => {
  it('completes a client of the store, once', async () => {
    const { clients } = registered({ ...machine, clientId: 'client' })

    const client = await clients.findClientById('client')

    assert.equal(client?.accessTokenLifetime, 3600)
    assert.equal(await clients.findClientById('client'), client)
  })

  it('serves a client that its store has registered as it is', async () => {
    const client = registerClient({ ...machine, clientId: 'client' })

    assert.equal(await registered(client).clients.findClientById('client'), client)
  })

  it('finds no client that is unknown or disabled', async () => {
    const disabled = { ...machine, clientId: 'client', enabled: false }

    assert.equal(await registered(undefined).clients.findClientById('client'), undefined)
    assert.equal(await registered(disabled).clients.findClientById('client'), undefined)
  })

  it('asks the store for no id of more than 100 characters', async () => {
    const { asked, clients } = registered({ ...machine, clientId: 'c'.repeat(100) })

    assert.equal(await clients.findClientById('c'.repeat(101)), undefined)
    await clients.findClientById('c'.repeat(100))
    assert.deepEqual(asked, ['c'.repeat(100)])
  })

  it('serves no client that is disabled in the words of a database', async () => {
    const enabled = 0 as unknown as boolean
    const { clients, told } = registered({ ...machine, clientId: 'client', enabled })

    assert.equal(await clients.findClientById('client'), undefined)
    assert.equal(told.length, 1)
  })

  it('serves no client with a mistake, and tells the host once', async () => {
    const { clients, lines, told } = registered({
      ...machine,
      clientId: 'client',
      accessTokenLifetime: 0,
    })

    assert.equal(await clients.findClientById('client'), undefined)
    assert.equal(await clients.findClientById('client'), undefined)

    const problems =
      'client client: accessTokenLifetime is 0; it is a positive whole number of seconds'
    assert.deepEqual(told, [{ client_id: 'client', problems }])
    assert.deepEqual(lines, [
      {
        level: 'error',
        fields: { client_id: 'client', problems },
        message: 'a client is registered with a mistake and is not served',
      },
    ])
  })
})
