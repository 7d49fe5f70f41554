import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'

import {
  type Client,
  GrantTypes,
  inMemoryClients,
  inMemoryResources,
  jsonWebKeyFile,
  memoryStore,
  sha256,
  sharedSecret,
  sqliteClients,
} from '@basics/openid-provider'

import { runCommand, UsageError } from './run-command.ts'

const machine = { ClientId: 'orders', AllowedGrantTypes: ['client_credentials'] }
const machineClient: Client = {
  clientId: 'orders',
  clientSecrets: [sharedSecret(sha256('secret'))],
  allowedGrantTypes: GrantTypes.clientCredentials,
}
const web = {
  ClientId: 'web',
  AllowedGrantTypes: ['authorization_code'],
  RedirectUris: ['https://app.example/cb'],
}

function start(t: TestContext, ...registered: readonly Client[]) {
  const folder = mkdtempSync(join(tmpdir(), 'manage-clients-'))
  const clients = sqliteClients(join(folder, 'clients.sqlite'), { now: () => 0 })
  t.after(() => rmSync(folder, { recursive: true }))
  t.after(() => clients.close())
  for (const client of registered) clients.add(client)
  const store = memoryStore({ now: () => 0 })
  const elsewhere = {
    clients: inMemoryClients([{ ...machineClient, clientId: 'elsewhere' }]),
    resources: inMemoryResources({
      ...{ identityResources: [], apiResources: [] },
      apiScopes: [{ name: 'scope1' }],
    }),
  }
  const context = { clients, store, readRegistrations: () => elsewhere, now: () => 0 }
  const run = (...args: string[]) => runCommand(args, context)

  function writeJson(value: unknown): string {
    const file = join(folder, 'client.json')
    writeFileSync(file, typeof value === 'string' ? value : JSON.stringify(value))
    return file
  }
  return {
    ...{ clients, store, run },
    add: (value: unknown) => run('add', writeJson(value)),
    /** Where the configuration file has mistakes. */
    runBeside: (mistake: Error, ...args: string[]) =>
      runCommand(args, {
        ...context,
        readRegistrations: () => {
          throw mistake
        },
      }),
    writeJson,
  }
}

/** The secret that an output shows, on a line of its own. */
function readShownSecret(output: string): string {
  return /^ {2}([\w-]{43})$/m.exec(output)?.[1] ?? ''
}

describe('add', () => {
  it('gives a client that needs one a secret, shows it once and stores its hash', async (t) => {
    const { clients, run, add } = start(t)

    const { output } = await add(machine)

    const secret = readShownSecret(output)
    assert.match(secret, /./)
    assert.deepEqual(clients.get('orders')?.clientSecrets, [sharedSecret(sha256(secret))])
    const shown = [await run('list'), await run('show', 'orders')].map((each) => each.output).join()
    assert.equal(shown.includes(secret) || shown.includes(sha256(secret)), false)
  })

  it('takes camelCase as well, and in place of an emptied secret puts a new one', async (t) => {
    const { clients, add } = start(t)
    const { clientSecrets: _hash, ...orders } = machineClient

    const { output, warnings } = await add({ ...orders, clientSecrets: [{ value: '' }] })

    const [secret] = clients.get('orders')?.clientSecrets ?? []
    assert.equal(secret?.value, sha256(readShownSecret(output)))
    assert.deepEqual(warnings, [])
  })

  it('gives none to a client that has one, or a key, or needs none', async (t) => {
    const { clients, add } = start(t)
    const Value = sha256('chosen before')

    for (const client of [
      { ...machine, ClientSecrets: [{ Value }] },
      { ...machine, ClientId: 'key', ClientSecrets: [{ Type: 'JsonWebKeyFile', Value: '/key' }] },
      { ...web, RequireClientSecret: false },
    ])
      assert.equal((await add(client)).output, `${client.ClientId} is registered`)
    assert.deepEqual(clients.get('orders')?.clientSecrets, [sharedSecret(Value)])
    assert.equal(clients.get('web')?.clientSecrets, undefined)
  })

  it('puts none in place of the emptied secret of a public client', async (t) => {
    const { clients, add } = start(t)
    const ClientSecrets = [{ Value: '' }]

    const { output, warnings } = await add({ ...web, RequireClientSecret: false, ClientSecrets })

    assert.equal(output, 'web is registered')
    assert.deepEqual(clients.get('web')?.clientSecrets, [])
    assert.deepEqual(warnings, [])
  })

  it('warns of a scope that is not registered', async (t) => {
    const { add } = start(t)

    const { warnings } = await add({ ...machine, AllowedScopes: ['scope1', 'skope1'] })

    assert.deepEqual(warnings, ["client orders: AllowedScopes has 'skope1', which is no scope"])
  })

  it('warns of a property that it does not know', async (t) => {
    const { warnings = [] } = await start(t).add({ ...machine, AlowedScopes: ['scope1'] })

    assert.match(warnings.join(), /AlowedScopes is no property.*AllowedScopes/)
  })

  it('refuses a client of an id that is taken, here or elsewhere', async (t) => {
    const { clients, add } = start(t, machineClient)

    await assert.rejects(add(machine), /there is a client orders already/)
    assert.deepEqual(clients.get('orders'), machineClient)
    const taken = /elsewhere is registered in the code .*, or in its configuration file/
    await assert.rejects(add({ ...machine, ClientId: 'elsewhere' }), taken)
    assert.equal(clients.get('elsewhere'), undefined)
  })

  it('refuses a client as long as the configuration file has mistakes', async (t) => {
    const { clients, runBeside, writeJson } = start(t)
    const mistake = new Error('a comma is missing')

    await assert.rejects(runBeside(mistake, 'add', writeJson(machine)), mistake)
    assert.equal(clients.get('orders'), undefined)
  })

  it('says what it expects when it is given a list', async (t) => {
    await assert.rejects(start(t).add([machine]), /JSON is a list; expected one client alone/)
  })

  it('refuses a client with mistakes, naming them all and never a secret', async (t) => {
    const wrong = { ...web, RedirectUris: ['no uri'], AccessTokenLifetime: 0 }

    await assert.rejects(start(t).add(wrong), (error: Error) => {
      assert.match(error.message, /RedirectUris\[0\]/)
      assert.match(error.message, /AccessTokenLifetime/)
      return true
    })
    const ClientSecrets = [{ Value: 'hunter2' }]
    await assert.rejects(start(t).add({ ...machine, ClientSecrets }), (error: Error) => {
      assert.match(error.message, /ClientSecrets\[0\]/)
      assert.doesNotMatch(error.message, /hunter2/)
      return true
    })
  })

  it('refuses what is no JSON, and a file that is not there', async (t) => {
    const { add, run } = start(t)

    await assert.rejects(add('{"ClientId"'), /line 1, column/)
    await assert.rejects(run('add', '/nowhere/client.json'), /cannot be read \(ENOENT\)/)
  })
})

describe('list', () => {
  it('shows one line a client, page by page', async (t) => {
    const ids = ['a', 'bb', 'c']
    const { run, clients } = start(t, ...ids.map((clientId) => ({ ...machineClient, clientId })))
    clients.setEnabled('bb', false)

    assert.deepEqual((await run('list')).output.split('\n'), [
      'a   enabled   client_credentials',
      'bb  disabled  client_credentials',
      'c   enabled   client_credentials',
    ])
    assert.match((await run('list', '--limit', '2')).output, /\nmore: --after bb$/)
    assert.match((await run('list', '--limit=2', '--after=bb')).output, /^c {2}enabled/)
  })

  it('keeps a name from moving the cursor', async (t) => {
    const { run } = start(t, { ...machineClient, clientName: 'A\u001b[2J\nB' })

    assert.match((await run('list')).output, /A\?\[2J\?B$/)
  })

  it('says when there are none', async (t) => {
    assert.equal((await start(t).run('list')).output, 'no clients')
  })
})

describe('show', () => {
  it('says of a secret that it is there and when it ends', async (t) => {
    const secret = sharedSecret(sha256('secret'), { expiration: new Date(0) })
    const { run } = start(t, { ...machineClient, clientSecrets: [secret] })

    assert.deepEqual(JSON.parse((await run('show', 'orders')).output), {
      ...machineClient,
      clientSecrets: [{ type: 'SharedSecret', expiration: '1970-01-01T00:00:00.000Z' }],
    })
  })
})

describe('disable, enable, remove', () => {
  it('do so', async (t) => {
    const { run, clients } = start(t, machineClient)

    assert.equal((await run('disable', 'orders')).output, 'orders is disabled')
    assert.equal(clients.get('orders')?.enabled, false)
    assert.equal((await run('enable', 'orders')).output, 'orders is enabled')
    assert.equal(clients.get('orders')?.enabled, true)
    await run('remove', 'orders')
    assert.equal(clients.get('orders'), undefined)
  })

  it('disables a client whatever is the matter with the configuration file', async (t) => {
    const { clients, runBeside } = start(t, machineClient)

    await runBeside(new Error('a comma is missing'), 'disable', 'orders')

    assert.equal(clients.get('orders')?.enabled, false)
  })

  it('leaves what was granted to a client elsewhere when its namesake is removed', async (t) => {
    const { run, clients, store } = start(t, { ...machineClient, clientId: 'elsewhere' })
    await store.add({
      ...{ type: 'refresh_token', key: 'token', client_id: 'elsewhere' },
      ...{ created: 0, expires: 1, data: {} },
    })

    assert.match((await run('remove', 'elsewhere')).output, /elsewhere stays$/)
    assert.equal(clients.get('elsewhere'), undefined)
    assert.notEqual(await store.get('refresh_token', 'token'), undefined)
  })

  it('takes with a removed client what was granted to it, and nothing else', async (t) => {
    const { run, store } = start(t, machineClient)
    for (const client_id of ['orders', 'other'])
      await store.add({
        ...{ type: 'refresh_token', key: client_id, client_id },
        ...{ created: 0, expires: 1, data: {} },
      })
    await run('remove', 'orders')

    assert.equal(await store.get('refresh_token', 'orders'), undefined)
    assert.notEqual(await store.get('refresh_token', 'other'), undefined)
  })

  for (const command of ['show', 'disable', 'enable', 'remove', 'rotate-secret'])
    it(`${command} refuses a client that is not there`, async (t) => {
      await assert.rejects(start(t).run(command, 'nobody'), /^Error: there is no client nobody/)
    })
})

describe('rotate-secret', () => {
  const day = 24 * 60 * 60
  for (const [options, seconds] of [
    [[], 7 * day],
    [['--keep-old', '90s'], 90],
    [['--keep-old', '30m'], 30 * 60],
    [['--keep-old=12h'], day / 2],
    [['--keep-old', '90d'], 90 * day],
  ] as const)
    it(`lets the old secret live for ${seconds} s with '${options.join(' ')}'`, async (t) => {
      const { run, clients } = start(t, machineClient)

      const { output } = await run('rotate-secret', 'orders', ...options)

      const expiration = new Date(seconds * 1000)
      assert.deepEqual(clients.get('orders')?.clientSecrets, [
        sharedSecret(sha256('secret'), { expiration }),
        sharedSecret(sha256(readShownSecret(output))),
      ])
      assert.ok(output.includes(expiration.toISOString()))
    })

  it('ends the old secret at once with 0', async (t) => {
    const { run, clients } = start(t, machineClient)

    const { output } = await run('rotate-secret', 'orders', '--keep-old', '0')

    assert.deepEqual(clients.get('orders')?.clientSecrets, [
      sharedSecret(sha256(readShownSecret(output))),
    ])
  })

  it('shows no secret that would not be asked for', async (t) => {
    const client = { ...machineClient, clientId: 'elsewhere' }
    const { run, clients } = start(t, client)

    await assert.rejects(run('rotate-secret', 'elsewhere'), /is registered in the code/)
    assert.deepEqual(clients.get('elsewhere'), client)
  })

  it('adds no secret where there is a key, or nothing to keep', async (t) => {
    const key = { ...machineClient, clientId: 'key', clientSecrets: [jsonWebKeyFile('/key')] }
    const { run, clients } = start(t, key)

    await assert.rejects(run('rotate-secret', 'key'), /no secret that could be replaced/)
    assert.deepEqual(clients.get('key'), key)
  })
})

describe('command line', () => {
  for (const args of [
    [],
    ['nonsense'],
    ['constructor'],
    ['show'],
    ['list', 'orders'],
    ['show', 'orders', 'other'],
    ['show', 'orders', '--limit', '3'],
    ['list', '--limit', '0'],
    ['list', '--limit', 'ten'],
    ['rotate-secret', 'orders', '--keep-old', 'tomorrow'],
    ['rotate-secret', 'orders', '--keep-old', '-1d'],
    ['rotate-secret', 'orders', '--keep-old', '7'],
    ['rotate-secret', 'orders', '--keep-old', '91d'],
    ['rotate-secret', 'orders', '--keep-old', '2161h'],
  ])
    it(`explains itself when it is '${args.join(' ')}'`, async (t) => {
      const { run, clients } = start(t, machineClient)

      await assert.rejects(
        run(...args),
        (error) => error instanceof UsageError && /npx nx/.test(error.message),
      )
      assert.deepEqual(clients.get('orders'), machineClient)
    })

  for (const args of [['--help'], ['help'], ['remove', 'orders', '--help']])
    it(`does nothing but explain itself when it is '${args.join(' ')}'`, async (t) => {
      const { run, clients } = start(t, machineClient)

      assert.match((await run(...args)).output, /rotate-secret <id>/)
      assert.deepEqual(clients.get('orders'), machineClient)
    })
})
