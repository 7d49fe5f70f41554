import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { IdentityResources } from '../../model/resources.ts'
import { inMemoryResources } from './in-memory-resources.ts'

const scope1 = { name: 'scope1' }
const scope2 = { name: 'scope2' }
const hidden = { name: 'hidden', enabled: false }
const api1 = { name: 'api1', scopes: ['scope1', 'scope2'] }
const api2 = { name: 'api2', scopes: ['scope2'] }
const disabled = { name: 'disabled', scopes: ['scope1'], enabled: false }

const store = inMemoryResources({
  identityResources: [IdentityResources.openid],
  apiScopes: [scope1, scope2, hidden],
  apiResources: [api1, api2, disabled],
})

describe('inMemoryResources', () => {
  it('finds what the names stand for, in their order, and each API once', async () => {
    assert.deepEqual(await store.findResourcesByScope(['scope2', 'openid', 'scope1']), {
      identityResources: [IdentityResources.openid],
      apiScopes: [scope2, scope1],
      apiResources: [api1, api2],
    })
  })

  it('leaves out what is unknown or disabled', async () => {
    assert.deepEqual(await store.findResourcesByScope(['hidden', 'constructor', 'api1']), {
      identityResources: [],
      apiScopes: [],
      apiResources: [],
    })
    assert.equal(await store.findApiResourceByName('disabled'), undefined)
    assert.equal(await store.findApiResourceByName('scope1'), undefined)
    assert.deepEqual(await store.getAllResources(), {
      identityResources: [IdentityResources.openid],
      apiScopes: [scope1, scope2],
      apiResources: [api1, api2],
    })
  })

  it('answers with the same object every time, so that documents can be kept by it', async () => {
    assert.equal(await store.getAllResources(), await store.getAllResources())
  })

  it('refuses resources with a mistake', () => {
    const apiScopes = [scope1, scope1]

    assert.throws(() => inMemoryResources({ identityResources: [], apiScopes, apiResources: [] }), {
      name: 'ConfigurationError',
      message: 'scope scope1: name is used a second time',
    })
  })
})
