import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it, type TestContext } from 'node:test'

import { machine, resources } from '../../../test-support/registrations.ts'
import type { Resources } from '../../model/resources.ts'
import { sha256, sharedSecret } from '../../model/secret.ts'
import { sqliteClients } from './sqlite-clients.ts'
import { sqliteResources } from './sqlite-resources.ts'

// Removed when all stores in them are closed.
const folders = mkdtempSync(join(tmpdir(), 'resources-'))
after(() => rmSync(folders, { recursive: true }))

describe('sqliteResources', () => {
  it('has none at first', async (t) => {
    assert.deepEqual(await open(t).getAllResources(), {
      identityResources: [],
      apiScopes: [],
      apiResources: [],
    })
  })

  it('has what was put in place, as it was, when it is opened again', async (t) => {
    const path = createPath()
    const expiration = new Date(Date.UTC(2030, 0, 1))
    const apiSecrets = [sharedSecret(sha256('s'), { expiration })]
    const apiResources = [{ name: 'api', scopes: ['scope1'], apiSecrets }]
    const first = open(t, path)
    await first.replaceAll(resources)
    await first.replaceAll({ ...resources, apiResources })
    await first.close()

    const store = open(t, path)
    assert.deepEqual(await store.getAllResources(), { ...resources, apiResources })
    assert.deepEqual(await store.findApiResourceByName('api'), apiResources[0])
    assert.deepEqual((await store.findResourcesByScope(['scope1'])).apiResources, apiResources)
  })

  it('refuses all of those with a mistake, and leaves what is there', async (t) => {
    const store = open(t)
    await store.replaceAll(resources)
    const wrong: Resources = { ...resources, apiResources: [{ name: 'api', scopes: ['nope'] }] }

    assert.throws(() => store.replaceAll(wrong), /'nope', which is no API scope/)
    assert.deepEqual(await store.getAllResources(), resources)
  })

  it('shows at once what another store on the same file has changed', async (t) => {
    const path = createPath()
    const [store, other] = [open(t, path), open(t, path)]
    await other.replaceAll(resources)
    const all = await store.getAllResources()
    assert.deepEqual(all, resources)
    assert.equal(await store.getAllResources(), all)
    await other.replaceAll({ ...resources, identityResources: [] })
    assert.deepEqual((await store.getAllResources()).identityResources, [])
  })

  it('shares a file with clients', async (t) => {
    const path = createPath()
    const clients = sqliteClients(path)
    t.after(() => clients.close())
    const store = open(t, path)
    clients.add({ ...machine, clientId: 'client' })
    await store.replaceAll(resources)

    assert.equal(clients.get('client')?.clientId, 'client')
    assert.deepEqual(await store.getAllResources(), resources)
  })
})

function open(t: TestContext, path = createPath()) {
  const store = sqliteResources(path)
  t.after(() => store.close())
  return store
}

function createPath(): string {
  return join(mkdtempSync(join(folders, 'resources-')), 'registrations.sqlite')
}
