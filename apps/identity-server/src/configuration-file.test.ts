import assert from 'node:assert/strict'
import { EventEmitter, once } from 'node:events'
import {
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'

import { type Client, GrantTypes, sha256, sharedSecret } from '@basics/openid-provider'
import { brokenConfigurations } from '@basics/openid-provider/test-support/broken-configurations'

import { configurationFile, openRegistrations, readRegistrations } from './configuration-file.ts'

/** Milliseconds between two looks at the file. */
const interval = 20

/** A configuration with one client, and a scope and an API of its own. */
function configuration(clientId: string, origin = `https://${clientId}.example`): string {
  return JSON.stringify({
    IdentityServer: {
      Clients: [
        {
          ClientId: clientId,
          ClientSecrets: [{ Value: sha256('secret') }],
          AllowedGrantTypes: ['client_credentials'],
          AllowedScopes: ['scope1', `${clientId}.read`],
          AllowedCorsOrigins: [origin],
        },
      ],
      ApiScopes: [{ Name: `${clientId}.read` }],
      ApiResources: [{ Name: `urn:${clientId}`, Scopes: [`${clientId}.read`] }],
    },
  })
}

const machine: Omit<Client, 'clientId'> = {
  clientSecrets: [sharedSecret(sha256('secret'))],
  allowedGrantTypes: GrantTypes.clientCredentials,
}

/** A folder for the file, and the way to open it and to wait for what is logged. */
function prepare(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'configuration-file-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'identity-server.json')
  const logged = new EventEmitter()
  const write = (level: string) => (_fields: object, message: string) => logged.emit(level, message)
  const logger = { info: write('info'), warn: write('warn'), error: write('problem') }
  const byCommand = new Map<string, Client>()
  const registered = { get: (clientId: string) => byCommand.get(clientId) }
  return {
    folder,
    path,
    /** Registers a client by command. */
    register: (clientId: string) => byCommand.set(clientId, { ...machine, clientId }),
    open(isRequired = false) {
      const registrations = openRegistrations(
        { path, isRequired },
        { logger, registered, interval },
      )
      t.after(registrations.close)
      return registrations
    },
    /** Resolves to the next message of a level. */
    async next(level: 'info' | 'warn' | 'problem'): Promise<string> {
      const [message] = await once(logged, level, { signal: AbortSignal.timeout(10_000) })
      return message
    },
  }
}

describe('the configuration file', () => {
  it('is the one that CONFIG names, or identity-server.json of the data folder', (t) => {
    t.after(() => delete process.env.CONFIG)

    assert.deepEqual(configurationFile('/data'), {
      path: join('/data', 'identity-server.json'),
      isRequired: false,
    })
    process.env.CONFIG = '/etc/clients.json'
    assert.deepEqual(configurationFile('/data'), { path: '/etc/clients.json', isRequired: true })
  })

  it('need not be there', async (t) => {
    const { clients, issuer } = prepare(t).open()

    assert.equal((await clients.findClientById('mvc-basic'))?.clientName, 'MVC Basic')
    assert.equal(issuer, undefined)
  })

  it('has to be there when CONFIG names it', (t) => {
    const { open, path } = prepare(t)

    assert.throws(() => open(true), {
      message: `${path} cannot be read: ENOENT: no such file or directory, open '${path}'`,
    })
  })

  it('adds its clients, scopes, APIs and origins to those of this program', async (t) => {
    const { open, path } = prepare(t)
    writeFileSync(path, configuration('extra'))

    const { clients, resources } = open()

    assert.deepEqual((await clients.findClientById('extra'))?.allowedScopes, [
      'scope1',
      'extra.read',
    ])
    assert.ok(await clients.findClientById('mvc-basic'))
    assert.equal(await clients.isCorsOriginAllowed('https://extra.example'), true)
    const { apiScopes, apiResources } = await resources.findResourcesByScope(['extra.read'])
    assert.deepEqual(
      [...apiScopes, ...apiResources].map(({ name }) => name),
      ['extra.read', 'urn:extra'],
    )
    assert.equal((await resources.findApiResourceByName('urn:extra'))?.name, 'urn:extra')
  })

  it('may not have an id that is registered here', (t) => {
    const { open, path } = prepare(t)
    writeFileSync(path, configuration('mvc-basic'))

    assert.throws(() => open(), {
      message: `${path} has mistakes:\nclient mvc-basic: Clients[0].ClientId is 'mvc-basic', as of a client that is registered already; expected an id of its own`,
    })
  })

  it('may not have an id that was registered by command', (t) => {
    const { open, path, register } = prepare(t)
    register('extra')
    writeFileSync(path, configuration('extra'))

    assert.throws(() => open(), {
      message: `${path} has mistakes:\nclient extra: Clients[0].ClientId is 'extra', as of a client that was registered by command; expected an id of its own`,
    })
  })

  it('is read with what is registered here, whatever was registered by command', async (t) => {
    const { path, register } = prepare(t)
    register('extra')
    writeFileSync(path, configuration('extra'))

    const { clients } = readRegistrations({ path, isRequired: true })

    assert.ok(await clients.findClientById('extra'))
    assert.ok(await clients.findClientById('mvc-basic'))
  })

  it('need not be there to be read, unless CONFIG names it', async (t) => {
    const { path } = prepare(t)

    const { clients } = readRegistrations({ path, isRequired: false })

    assert.ok(await clients.findClientById('mvc-basic'))
    assert.throws(
      () => readRegistrations({ path, isRequired: true }),
      /^Error: \S+identity-server\.json cannot be read: ENOENT/,
    )
  })

  for (const [name, section, ...said] of brokenConfigurations)
    it(`keeps it from opening, with every path, when it has ${name}`, (t) => {
      const { open, path } = prepare(t)
      writeFileSync(path, JSON.stringify({ IdentityServer: section }))

      assert.throws(() => open(), { message: `${path} has mistakes:\n${said.join('\n')}` })
    })

  it('is told of with its warnings', async (t) => {
    const { open, path, next } = prepare(t)
    writeFileSync(path, '{"IdentityServer": {"Client": []}}')

    const warned = next('warn')
    open()

    assert.match(await warned, /^IdentityServer: Client is no property/)
  })
})

describe('a change of the configuration file', () => {
  it('is taken over', async (t) => {
    const { open, path, next } = prepare(t)
    writeFileSync(path, configuration('one'))
    const { clients, resources } = open()

    writeFileSync(path, configuration('second'))
    await next('info')

    assert.equal(await clients.findClientById('one'), undefined)
    assert.ok(await clients.findClientById('second'))
    assert.equal(await clients.isCorsOriginAllowed('https://one.example'), false)
    const { apiScopes } = await resources.getAllResources()
    assert.deepEqual(
      apiScopes.map(({ name }) => name),
      ['scope1', 'scope2', 'second.read'],
    )
  })

  it('is taken over when the file comes into being', async (t) => {
    const { open, path, next } = prepare(t)
    const { clients } = open()

    writeFileSync(path, configuration('one'))
    await next('info')

    assert.ok(await clients.findClientById('one'))
  })

  it('is taken over when another file is put in its place, time after time', async (t) => {
    const { open, path, next } = prepare(t)
    writeFileSync(path, configuration('one'))
    const { clients } = open()

    for (const clientId of ['second', 'third']) {
      writeFileSync(`${path}.new`, configuration(clientId))
      renameSync(`${path}.new`, path)
      await next('info')

      assert.ok(await clients.findClientById(clientId))
    }
  })

  it('is taken over when a link on the way to it leads elsewhere, as in Kubernetes', async (t) => {
    const { open, path, folder, next } = prepare(t)
    for (const clientId of ['one', 'second']) {
      mkdirSync(join(folder, clientId))
      writeFileSync(join(folder, clientId, 'identity-server.json'), configuration(clientId))
    }
    symlinkSync('one', join(folder, '..data'))
    symlinkSync('..data/identity-server.json', path)
    const { clients } = open()

    symlinkSync('second', join(folder, '..next'))
    renameSync(join(folder, '..next'), join(folder, '..data'))
    await next('info')

    assert.ok(await clients.findClientById('second'))
  })

  it('is refused with every mistake, and what was served before still is', async (t) => {
    const { open, path, next } = prepare(t)
    writeFileSync(path, configuration('one'))
    const { clients } = open()

    writeFileSync(path, configuration('a b ', 'https://app.example/'))
    const message = await next('problem')

    assert.match(message, /Clients\[0\]\.AllowedCorsOrigins\[0\] is 'https:\/\/app\.example\/'/)
    assert.match(message, /Clients\[0\]\.AllowedScopes\[1\] is 'a b \.read'/)
    assert.match(message, /What was served before still is\.$/)
    assert.ok(await clients.findClientById('one'))
  })

  it('is refused when it takes an id that was registered by command', async (t) => {
    const { open, path, next, register } = prepare(t)
    writeFileSync(path, configuration('one'))
    const { clients } = open()
    register('second')

    writeFileSync(path, configuration('second'))

    assert.match(await next('problem'), /as of a client that was registered by command/)
    assert.equal(await clients.findClientById('second'), undefined)
    assert.ok(await clients.findClientById('one'))
  })

  it('is taken over once it has been mended', async (t) => {
    const { open, path, next } = prepare(t)
    writeFileSync(path, configuration('one'))
    const { clients } = open()

    writeFileSync(path, '{')
    await next('problem')
    writeFileSync(path, configuration('mended'))
    await next('info')

    assert.ok(await clients.findClientById('mended'))
  })

  it('leaves everything as it was when the file is removed', async (t) => {
    const { open, path, next } = prepare(t)
    writeFileSync(path, configuration('one'))
    const { clients } = open()

    unlinkSync(path)

    assert.match(await next('problem'), /cannot be read: ENOENT/)
    assert.ok(await clients.findClientById('one'))
  })

  it('says that another issuer has to wait for the next start', async (t) => {
    const { open, path, next } = prepare(t)
    writeFileSync(path, '{"IdentityServer": {"IssuerUri": "https://one.example"}}')
    const { issuer } = open()

    writeFileSync(path, '{"IdentityServer": {"IssuerUri": ""}}')

    assert.match(await next('warn'), /^IssuerUri has changed/)
    assert.equal(issuer, 'https://one.example')
  })
})
