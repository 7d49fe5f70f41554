import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'

import { sha256 } from '@basics/openid-provider'

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

  function start(environment: Record<string, string> = {}) {
    const child = spawn(process.execPath, ['main.ts'], {
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

  /** Starts it where it must not start. */
  async function refuse(environment?: Record<string, string>) {
    const { child } = start(environment)
    const [stdout, stderr, [status]] = await Promise.all([
      child.stdout.setEncoding('utf8').toArray(),
      child.stderr.setEncoding('utf8').toArray(),
      once(child, 'exit'),
    ])
    return { status, stdout: stdout.join(''), stderr: stderr.join('') }
  }

  return { path, folder, write, start, refuse }
}

// Each starts a process of its own, which waits more than it works.
describe('identity-server with a configuration file', { concurrency: true }, () => {
  it('starts with the fragment of the documents, and takes over its secret and scope', async (t) => {
    const { write, start } = prepare(t)
    write(documentedFragment)
    const { written } = start()
    const [, port] = await written(/listens on port (\d+)/)
    await written(/client local-dev: Clients\[0\]\.ClientSecrets\[0\]\.Value is empty/)
    const url = `http://127.0.0.1:${port}`
    const requestToken = (client_secret: string) =>
      fetch(`${url}/connect/token`, {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          client_id: 'local-dev',
          client_secret,
          scope: 'api1',
        }),
      })
    const readMetadata = async () =>
      (await fetch(`${url}/.well-known/openid-configuration`)).json() as Promise<{
        issuer: string
        scopes_supported: string[]
      }>

    assert.equal((await requestToken('secret')).status, 401)
    assert.equal((await readMetadata()).issuer, url)

    write(
      `{${documentedFragment
        .replace('"Value": ""', `"Value": "${sha256('secret')}"`)
        .replace('"Clients"', '"ApiScopes": [{"Name": "api1"}], "Clients"')}}`,
    )
    await written(/are served.*are served/s)

    assert.equal((await requestToken('secret')).status, 200)
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
        'JSON: line 1, column 21 has PropertyNameExpected; expected a JSON object, each name in it once',
      ],
    ],
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
