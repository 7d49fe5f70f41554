import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it, type TestContext } from 'node:test'

import { machine } from '../../../test-support/registrations.ts'
import type { Client } from '../../model/client.ts'
import { isRegistered, registerClient } from '../../model/register-client.ts'
import { sha256, sharedSecret } from '../../model/secret.ts'
import { openDatabase } from './open-database.ts'
import { clientQueries, migrations } from './registration-schema.ts'
import { sqliteClients } from './sqlite-clients.ts'

// Removed when all stores in them are closed.
const folders = mkdtempSync(join(tmpdir(), 'clients-'))
after(() => rmSync(folders, { recursive: true }))

const origin = 'https://app.example'
const client: Client = { ...machine, clientId: 'client', allowedCorsOrigins: [origin] }

describe('sqliteClients', () => {
  it('has what was added, as it was added, when it is opened again', (t) => {
    const path = createPath()
    const expiration = new Date(Date.UTC(2030, 0, 1))
    const complete: Client = {
      ...client,
      clientSecrets: [sharedSecret(sha256('secret'), { expiration, description: 'until 2030' })],
      claims: [{ type: 'level', value: 3 }],
      properties: { team: 'orders' },
    }
    const first = open(t, path)
    assert.equal(first.add(complete), true)
    first.close()

    const clients = open(t, path)
    assert.deepEqual(clients.get('client'), complete)
    assert.deepEqual(clients.findClientById('client'), registerClient(complete))
  })

  it('finds a client by its exact id', (t) => {
    const clients = open(t)
    clients.add(client)

    for (const other of ['Client', 'client ', 'clien', '%', '', "' OR 1=1 --"])
      assert.equal(clients.findClientById(other), undefined, other)
  })

  it('adds no second client of an id, and leaves the first as it is', (t) => {
    const clients = open(t)
    clients.add(client)

    const evil = { ...client, allowedCorsOrigins: ['https://evil.example'] }
    assert.equal(clients.add(evil), false)
    assert.deepEqual(clients.get('client'), client)
    assert.equal(clients.isCorsOriginAllowed('https://evil.example'), false)
  })

  it('stores no client with a mistake', (t) => {
    const clients = open(t)

    assert.throws(() => clients.add({ ...client, accessTokenLifetime: 0 }), /accessTokenLifetime/)
    const wrong = { ...client, enabled: 0 } as unknown as Client
    assert.throws(() => clients.add(wrong), /enabled is a number/)
    const plain = { ...client, clientSecrets: [sharedSecret('not hashed')] }
    assert.throws(() => clients.add(plain), /clientSecrets\[0\]/)
    assert.deepEqual(clients.list({ limit: 10 }), [])
  })

  it('disables and enables, with the origins', (t) => {
    const clients = open(t)
    clients.add(client)
    clients.add({ ...client, clientId: 'other' })

    assert.equal(clients.setEnabled('client', false), true)
    assert.equal(clients.findClientById('client')?.enabled, false)
    assert.equal(clients.isCorsOriginAllowed(origin), true)
    clients.setEnabled('other', false)
    assert.equal(clients.isCorsOriginAllowed(origin), false)
    clients.setEnabled('client', true)
    assert.equal(clients.findClientById('client')?.enabled, true)
    assert.equal(clients.isCorsOriginAllowed(origin), true)
    assert.equal(clients.setEnabled('nobody', false), false)
  })

  it('removes a client with its origins', (t) => {
    const clients = open(t)
    clients.add(client)

    assert.equal(clients.remove('client'), true)
    assert.equal(clients.findClientById('client'), undefined)
    assert.equal(clients.isCorsOriginAllowed(origin), false)
    assert.equal(clients.remove('client'), false)
  })

  it('gives a client a new secret beside its old one, which ends', (t) => {
    const clients = open(t)
    clients.add(client)
    const [old] = machine.clientSecrets
    const secret = sharedSecret(sha256('new'))
    const oldUntil = new Date(5_000)

    assert.equal(clients.rotateSecret('client', { secret, oldUntil }), true)
    const { clientSecrets } = clients.findClientById('client') ?? {}
    assert.deepEqual(clientSecrets, [{ ...old, expiration: oldUntil }, secret])
    assert.equal(clients.rotateSecret('nobody', { secret, oldUntil }), false)
    const plain = sharedSecret('not hashed')
    assert.throws(
      () => clients.rotateSecret('client', { secret: plain, oldUntil }),
      /clientSecrets/,
    )
    assert.equal(clients.findClientById('client')?.clientSecrets?.length, 2)
  })

  it('lists its clients page by page, by id', (t) => {
    const clients = open(t)
    for (const clientId of ['d', 'a', 'c', 'b', 'e'])
      clients.add({ ...machine, clientId, enabled: clientId !== 'c' })
    const ids = (page: Parameters<typeof clients.list>[0]) =>
      clients.list(page).map(({ clientId }) => clientId)

    assert.deepEqual(ids({ limit: 2 }), ['a', 'b'])
    assert.deepEqual(ids({ after: 'b', limit: 2 }), ['c', 'd'])
    assert.deepEqual(ids({ after: 'd', limit: 2 }), ['e'])
  })

  it('shows at once what another store on the same file has changed', (t) => {
    const path = createPath()
    const [clients, other] = [open(t, path), open(t, path)]
    assert.equal(clients.findClientById('client'), undefined)

    other.add(client)
    assert.equal(clients.findClientById('client')?.enabled, true)
    other.setEnabled('client', false)
    assert.equal(clients.findClientById('client')?.enabled, false)
    other.remove('client')
    assert.equal(clients.findClientById('client'), undefined)
  })

  it('finds the same object while nothing has changed, and checks it once', (t) => {
    const clients = open(t)
    clients.add(client)
    const found = clients.findClientById('client')

    assert.ok(found !== undefined && isRegistered(found))
    assert.equal(clients.findClientById('client'), found)
  })

  it('finds a client that has a mistake by now as it is, for the engine to refuse it', (t) => {
    const path = createPath()
    const clients = open(t, path)
    const wrong = { ...client, accessTokenLifetime: 0 }
    const database = openDatabase(path, migrations)
    database.prepare(clientQueries.add).run('client', JSON.stringify(wrong))
    database.close()

    const found = clients.findClientById('client')
    assert.deepEqual(found, wrong)
    assert.equal(clients.findClientById('client'), found)
  })
})

describe('sqliteClients with 100,000 clients', () => {
  const path = createPath()
  const count = 100_000

  before(() => {
    const database = openDatabase(path, migrations)
    const numbers = `WITH RECURSIVE numbers (n) AS
      (VALUES (1) UNION ALL SELECT n + 1 FROM numbers LIMIT ${count})`
    // None of them can be read: what reads a client it was not asked for fails.
    database.exec(`BEGIN;
      INSERT INTO clients ${numbers} SELECT 'client' || n, 'no JSON' FROM numbers;
      INSERT INTO client_origins ${numbers}
        SELECT 'https://' || n || '.example', 'client' || n FROM numbers;
      COMMIT; ANALYZE`)
    database.close()
  })

  it('opens, answers and changes one without reading another', (t) => {
    const clients = open(t, path)

    clients.add(client)
    clients.setEnabled('client', false)
    clients.setEnabled('client', true)

    assert.equal(clients.findClientById('client')?.clientId, 'client')
    assert.equal(clients.findClientById('nobody'), undefined)
    assert.equal(clients.isCorsOriginAllowed(origin), true)
    assert.equal(clients.isCorsOriginAllowed(`https://${count}.example`), true)
    assert.throws(() => clients.findClientById(`client${count}`), SyntaxError)
    assert.equal(clients.remove('client'), true)
  })

  for (const [name, query] of Object.entries(clientQueries).filter(([name]) => !/^add/.test(name)))
    it(`finds rows by an index: ${name}`, (t) => {
      const plan = explain(t, query)

      assert.match(plan, /USING (COVERING )?INDEX|USING PRIMARY KEY/)
      assert.doesNotMatch(plan, /SCAN|TEMP B-TREE/)
    })

  it('removes the origins of a client by an index, when it is removed', (t) => {
    const plan = explain(t, 'SELECT 1 FROM client_origins WHERE client_id = ?')

    assert.match(plan, /client_origins_by_client/)
  })

  /** How SQLite finds what a query asks for. */
  function explain(t: TestContext, query: string): string {
    const database = openDatabase(path, migrations)
    t.after(() => database.close())
    const steps = database.prepare(`EXPLAIN QUERY PLAN ${query}`).all()
    return steps.map(({ detail }) => String(detail)).join('\n')
  }
})

function open(t: TestContext, path = createPath()) {
  const clients = sqliteClients(path, { now: () => 0 })
  t.after(() => clients.close())
  return clients
}

function createPath(): string {
  return join(mkdtempSync(join(folders, 'clients-')), 'clients.sqlite')
}
