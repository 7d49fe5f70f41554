import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { resources } from '../../test-support/registrations.ts'
import type { Resources } from '../model/resources.ts'
import { cachedResources } from './cached-resources.ts'
import { inMemoryResources } from './memory/in-memory-resources.ts'

describe('cachedResources', () => {
  it('asks for everything once in maxAge, whatever is looked up', async () => {
    let now = 0
    let asked = 0
    const store = inMemoryResources(resources)
    const getAllResources = () => {
      asked++
      return store.getAllResources()
    }
    const cache = cachedResources({ ...store, getAllResources }, { maxAge: 60, now: () => now })

    for (const names of [['scope1'], ['scope2', 'openid'], ['nope']])
      assert.deepEqual(
        await cache.findResourcesByScope(names),
        await store.findResourcesByScope(names),
      )
    assert.equal((await cache.findApiResourceByName('urn:api2'))?.name, 'urn:api2')
    assert.equal(await cache.getAllResources(), await store.getAllResources())
    assert.equal(asked, 1)
    now = 60_000
    await cache.findResourcesByScope(['scope1'])
    assert.equal(asked, 2)
  })

  it('knows an API whose scope is disabled', async () => {
    const [scope1, ...others] = resources.apiScopes
    const store = inMemoryResources({
      ...resources,
      apiScopes: [{ name: 'scope1', ...scope1, enabled: false }, ...others],
      apiResources: [{ name: 'api', scopes: ['scope1', 'scope2'] }],
    } satisfies Resources)

    assert.equal((await cachedResources(store).findApiResourceByName('api'))?.name, 'api')
  })
})
