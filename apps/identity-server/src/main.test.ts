import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'

import { GrantTypes, sha256, sharedSecret, sqliteClients } from '@basics/openid-provider'
import { brokenConfigurations } from '@basics/openid-provider/test-support/broken-configurations'

/** As the original's documents show it, with what a reader has to put in left out. */
const documentedFragment = `"IdentityServer": {
  "IssuerUri": "",
  "Clients": [
    {
      "Enabled": true,
      "ClientId": "local-dev",
      "ClientName": "Local Development",
      "ClientSecrets": [ { "Value": "" } ],
      "AllowedGrantTypes": [ "client_credentials" ],
      "AllowedScopes": [ "api1" ],
    }
  ]
}`

/** A folder with a configuration file, and the way to start the token service on any free port. */
function prepare(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'identity-server-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'clients.json')
  const write = (json: string) => writeFileSync(path, json)

  function start(environment: Record<string, string> = {}, ...args: string[]) {
    const child = spawn(process.execPath, args.length > 0 ? args : ['main.ts'], {
      cwd: fileURLToPath(new URL('.', import.meta.url)),
      env: { PATH: process.env.PATH, DATA_DIR: folder, PORT: '0', CONFIG: path, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    t.after(async () => {
      if (child.exitCode === null && child.kill('SIGKILL')) await once(child, 'exit')
    })
    let output = ''
    child.stdout.on('data', (chunk) => {
      output += chunk
    })
    /** Resolves to what the process has written to stdout, once that matches. */
    async function written(pattern: RegExp): Promise<RegExpExecArray> {
      for (;;) {
        const match = pattern.exec(output)
        if (match !== null) return match
        await once(child.stdout, 'data', { signal: AbortSignal.timeout(20_000) })
      }
    }
    return { child, written }
  }

  /** Starts it where it must not start; or a command that is to be refused. */
  async function refuse(environment?: Record<string, string>, ...args: string[]) {
    const { child } = start(environment, ...args)
    const [stdout, stderr, [status]] = await Promise.all([
      child.stdout.setEncoding('utf8').toArray(),
      child.stderr.setEncoding('utf8').toArray(),
      once(child, 'exit'),
    ])
    return { status, stdout: stdout.join(''), stderr: stderr.join('') }
  }

  /** Registers a client past the command, which would refuse it. */
  function register(clientId: string, secret: string): void {
    const clients = sqliteClients(join(folder, 'identity-server', 'clients.sqlite'))
    clients.add({
      clientId,
      clientSecrets: [sharedSecret(sha256(secret))],
      allowedGrantTypes: GrantTypes.clientCredentials,
      allowedScopes: ['scope1'],
    })
    clients.close()
  }

  return { path, folder, write, start, refuse, register }
}

/** A configuration with one client, whose secret is `of the file`. */
function configuration(clientId: string): string {
  const client = {
    ClientId: clientId,
    ClientSecrets: [{ Value: sha256('of the file') }],
    AllowedGrantTypes: ['client_credentials'],
    AllowedScopes: ['scope1'],
  }
  return JSON.stringify({ IdentityServer: { Clients: [client] } })
}

function requestToken(url: string, client_id: string, client_secret: string, scope = 'scope1') {
  return fetch(`${url}/connect/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id,
      client_secret,
      scope,
    }),
  })
}

/** All the others are in configuration-file.test.ts, which takes no process for each. */
const fewOfMany = ['a section that is a list', 'a private key']

/** A server that counts the requests that it gets. */
async function startCounting(t: TestContext) {
  const paths: (string | undefined)[] = []
  const server = createServer((req, res) => {
    paths.push(req.url)
    res.setHeader('Content-Type', 'application/json').end('{"status":"ok"}')
  }).listen(0, '127.0.0.1')
  t.after(() => server.close())
  t.after(() => server.closeAllConnections())
  await once(server, 'listening')
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, paths }
}

describe('the home page of identity-server', () => {
  for (const [NODE_ENV, isShown, has] of [
    ['development', true, 'has'],
    ['production', false, 'has not'],
  ] as const)
    it(`${has} the test users, and the inspector if it answers, in ${NODE_ENV}`, async (t) => {
      const { start, write } = prepare(t)
      write('{"IdentityServer": {}}')
      const { url: INSPECTOR_URL, paths } = await startCounting(t)
      const { written } = start({ NODE_ENV, INSPECTOR_URL })
      const [, port] = await written(/listens on port (\d+)/)

      const html = await (await fetch(`http://127.0.0.1:${port}/`)).text()

      for (const text of ['Test users', INSPECTOR_URL])
        assert.equal(html.includes(text), isShown, text)
      assert.deepEqual(paths, isShown ? ['/health'] : [])
    })
})

// Each starts a process of its own, which waits more than it works; more at once would wait too long.
describe('identity-server with a configuration file', { concurrency: 3 }, () => {
  it('starts with the fragment of the documents, and takes over its secret and scope', async (t) => {
    const { write, start } = prepare(t)
    write(documentedFragment)
    const { written } = start()
    const [, port] = await written(/listens on port (\d+)/)
    await written(/client local-dev: Clients\[0\]\.ClientSecrets\[0\]\.Value is empty/)
    const url = `http://127.0.0.1:${port}`
    const readMetadata = async () =>
      (await fetch(`${url}/.well-known/openid-configuration`)).json() as Promise<{
        issuer: string
        scopes_supported: string[]
      }>

    assert.equal((await requestToken(url, 'local-dev', 'secret', 'api1')).status, 401)
    assert.equal((await readMetadata()).issuer, url)

    write(
      `{${documentedFragment
        .replace('"Value": ""', `"Value": "${sha256('secret')}"`)
        .replace('"Clients"', '"ApiScopes": [{"Name": "api1"}], "Clients"')}}`,
    )
    await written(/are served.*are served/s)

    assert.equal((await requestToken(url, 'local-dev', 'secret', 'api1')).status, 200)
    assert.ok((await readMetadata()).scopes_supported.includes('api1'))
  })

  it('warns when each request names the issuer, as with an empty IssuerUri', async (t) => {
    const { write, start } = prepare(t)
    write('{"IdentityServer": {"IssuerUri": ""}}')
    const { written } = start()

    await written(/IssuerUri is empty, so each request names the issuer by its Host.*listens on/s)
  })

  it('is named by IssuerUri', async (t) => {
    const { write, start } = prepare(t)
    write('{"IdentityServer": {"IssuerUri": "https://login.example"}}')
    const { written } = start()
    const [, port] = await written(/listens on port (\d+)/)

    const response = await fetch(`http://127.0.0.1:${port}/.well-known/openid-configuration`)

    const { issuer } = (await response.json()) as { issuer: string }
    assert.equal(issuer, 'https://login.example')
  })

  it('is named by ISSUER in the first place', async (t) => {
    const { write, start } = prepare(t)
    write('{"IdentityServer": {"IssuerUri": "https://login.example"}}')
    const { written } = start({ ISSUER: 'https://other.example' })
    const [, port] = await written(/listens on port (\d+)/)

    const response = await fetch(`http://127.0.0.1:${port}/.well-known/openid-configuration`)

    const { issuer } = (await response.json()) as { issuer: string }
    assert.equal(issuer, 'https://other.example')
  })

  it('serves the client of the code or the file when one of its id is registered after the start', async (t) => {
    const { write, start, register } = prepare(t)
    write(configuration('orders'))
    const { written } = start()
    const [, port] = await written(/listens on port (\d+)/)
    const url = `http://127.0.0.1:${port}`

    for (const clientId of ['orders', 'client-credentials', 'other']) register(clientId, 'other')

    const statuses = async (clientId: string, ...secrets: string[]) => {
      const responses = secrets.map((secret) => requestToken(url, clientId, secret))
      return (await Promise.all(responses)).map(({ status }) => status)
    }
    assert.deepEqual(await statuses('orders', 'of the file', 'other'), [200, 401])
    assert.deepEqual(await statuses('client-credentials', 'secret', 'other'), [200, 401])
    assert.deepEqual(await statuses('other', 'other'), [200])
  })

  it('does not start when a client of the file was registered by command', async (t) => {
    const { write, refuse, register, path } = prepare(t)
    write(configuration('orders'))
    register('orders', 'other')

    assert.deepEqual(await refuse(), {
      status: 1,
      stdout: '',
      stderr: `identity-server cannot start: ${path} has mistakes:\nclient orders: Clients[0].ClientId is 'orders', as of a client that was registered by command; expected an id of its own\n`,
    })
  })

  it('is known to the command, which registers no client of the file', async (t) => {
    const { write, refuse, folder } = prepare(t)
    write(configuration('orders'))
    const file = join(folder, 'orders.json')
    writeFileSync(file, '{"ClientId": "orders", "AllowedGrantTypes": ["client_credentials"]}')

    assert.deepEqual(await refuse({}, 'manage-clients/main.ts', 'add', file), {
      status: 1,
      stdout: '',
      stderr:
        'orders is registered in the code of the token service, or in its configuration file\n',
    })
  })

  it('does not start without the file that CONFIG names', async (t) => {
    const { refuse, folder } = prepare(t)
    const CONFIG = join(folder, 'nowhere.json')

    const { status, stdout, stderr } = await refuse({ CONFIG })

    assert.deepEqual({ status, stdout }, { status: 1, stdout: '' })
    assert.match(stderr, /^identity-server cannot start: \S+nowhere\.json cannot be read: ENOENT/)
  })

  for (const [name, json, said] of [
    [
      'a plain secret, an origin with a path, a scope that is taken and one that is missing',
      `{"IdentityServer": {"ApiScopes": [{"Name": "scope1"}], "ApiResources": [{"Name": "a", "Scopes": ["b"]}], "Clients": [{
        "ClientId": "x", "ClientSecrets": [{"Value": "plain secret"}],
        "AllowedGrantTypes": ["client_credentials"], "AllowedCorsOrigins": ["https://a.example/"]}]}}`,
      [
        'API scope scope1: ApiScopes[0].Name is used a second time',
        "API resource a: ApiResources[0].Scopes[0] is 'b', which is no API scope",
        'client x: Clients[0].ClientSecrets[0] is not the base64 of a SHA-256 or SHA-512; register the hash, not the secret',
        "client x: Clients[0].AllowedCorsOrigins[0] is 'https://a.example/'; an origin is http or https, host and port alone, such as 'https://app.example'",
      ],
    ],
    [
      'what is no JSON',
      '{"IdentityServer": {]}',
      [
        'JSON: line 1, column 21 has no name in double quotes; expected a JSON object, each name in it once',
      ],
    ],
    ...brokenConfigurations
      .filter(([name]) => fewOfMany.includes(name))
      .map(([name, section, ...said]) => {
        return [name, JSON.stringify({ IdentityServer: section }), said] as const
      }),
  ] as const)
    it(`ends with 1 before it listens, and names every path: ${name}`, async (t) => {
      const { write, refuse, path } = prepare(t)
      write(json)

      assert.deepEqual(await refuse(), {
        status: 1,
        stdout: '',
        stderr: `identity-server cannot start: ${path} has mistakes:\n${said.join('\n')}\n`,
      })
    })
})
