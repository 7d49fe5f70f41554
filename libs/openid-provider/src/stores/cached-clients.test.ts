import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { machine } from '../../test-support/registrations.ts'
import type { Client } from '../model/client.ts'
import type { CacheOptions } from './cached-answers.ts'
import { cachedClients } from './cached-clients.ts'

/** A cache in front of a store that counts its questions, and a clock that a test moves. */
function start(options: CacheOptions = {}) {
  const registered = new Map<string, Client>()
  const asked: string[] = []
  const clock = { now: 0 }
  const add = (...ids: string[]) => {
    for (const clientId of ids) registered.set(clientId, { ...machine, clientId })
  }
  const store = {
    findClientById: async (clientId: string) => {
      asked.push(clientId)
      return registered.get(clientId)
    },
    isCorsOriginAllowed: async (origin: string) => {
      asked.push(origin)
      return origin === 'https://app.example'
    },
  }
  const cache = cachedClients(store, { now: () => clock.now, ...options })
  const find = async (clientId: string) => (await cache.findClientById(clientId))?.clientId
  return { store, cache, find, add, asked, clock, registered }
}

describe('cachedClients', () => {
  it('asks again for a client when it is maxAge old, and gives the same object until then', async () => {
    const { cache, find, add, asked, clock } = start({ maxAge: 60 })
    add('client')

    const first = await cache.findClientById('client')
    clock.now = 59_999
    assert.equal(await cache.findClientById('client'), first)
    assert.deepEqual(asked, ['client'])
    clock.now = 60_000
    await find('client')
    assert.deepEqual(asked, ['client', 'client'])
  })

  it('finds a new client a second after it was asked for in vain', async () => {
    const { find, add, asked, clock } = start()
    await find('new')
    add('new')

    clock.now = 999
    assert.equal(await find('new'), undefined)
    clock.now = 1_000
    assert.equal(await find('new'), 'new')
    assert.deepEqual(asked, ['new', 'new'])
  })

  it('counts the age from the question', async () => {
    const { store, cache, clock, asked } = start({ maxAge: 60 })
    const { promise, resolve } = Promise.withResolvers<Client>()
    store.findClientById = (clientId) => {
      asked.push(clientId)
      return promise
    }
    const found = cache.findClientById('client')
    clock.now = 59_000
    resolve({ ...machine, clientId: 'client' })
    await found
    clock.now = 60_000
    await cache.findClientById('client')

    assert.deepEqual(asked, ['client', 'client'])
  })

  it('keeps no more than its maximum, the least used goes', async () => {
    const { find, add, asked } = start({ maximum: 2 })
    add('a', 'b', 'c')
    for (const clientId of ['a', 'b', 'a', 'c']) await find(clientId)

    asked.length = 0
    for (const clientId of ['a', 'c', 'b']) await find(clientId)
    assert.deepEqual(asked, ['b'])
  })

  it('forgets no client for ids that somebody makes up, and keeps few of those', async () => {
    const { find, add, asked } = start({ maximum: 2 })
    add('a', 'b')
    for (const clientId of ['a', 'b', 'x1', 'x2', 'x3', 'x4']) await find(clientId)

    asked.length = 0
    for (const clientId of ['a', 'b', 'x4', 'x1']) await find(clientId)
    assert.deepEqual(asked, ['x1'])
  })

  it('asks once for a client that is looked up many times at once', async () => {
    const { find, add, asked } = start()
    add('client')

    const found = await Promise.all(Array.from({ length: 50 }, () => find('client')))
    assert.deepEqual(new Set(found), new Set(['client']))
    assert.deepEqual(asked, ['client'])
  })

  it('keeps no failure', async () => {
    const { store, cache, find, add } = start()
    add('client')
    const { findClientById } = store
    store.findClientById = () => Promise.reject(new Error('down'))
    await assert.rejects(async () => cache.findClientById('client'), /down/)
    store.findClientById = findClientById

    assert.equal(await find('client'), 'client')
  })

  it('asks anew when a question is not answered', async () => {
    const { store, cache, find, add, clock } = start()
    add('client')
    const { findClientById } = store
    store.findClientById = () => new Promise(() => undefined)
    void cache.findClientById('client')
    store.findClientById = findClientById

    clock.now = 2_000
    assert.equal(await find('client'), 'client')
  })

  it('keeps origins too, those that are allowed longer than those that are not', async () => {
    const { cache, asked, clock } = start()
    const origins = ['https://app.example', 'https://evil.example']
    for (clock.now of [0, 999, 1_000, 59_999])
      assert.deepEqual(await Promise.all(origins.map(cache.isCorsOriginAllowed)), [true, false])

    assert.deepEqual(asked, [...origins, origins[1], origins[1]])
  })
})
