import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { describe, it, type TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'

const main = fileURLToPath(new URL('./main.ts', import.meta.url))

type Answer = (res: ServerResponse, req: IncomingMessage, body: string) => void

/** One server in the part of both: a token service of three lines, and an API. */
async function startServers(t: TestContext, answers: { token?: Answer; api?: Answer } = {}) {
  const requests: { path: string; authorization: string | undefined; body: string }[] = []
  const { token = issueToken, api = (res) => sendJson(res, 200, [{ type: 'a', value: 'b' }]) } =
    answers
  const server = createServer(async (req, res) => {
    const [path = '', body] = [req.url, await text(req)]
    requests.push({ path, authorization: req.headers.authorization, body })
    if (path === '/connect/token') token(res, req, body)
    else if (path === '/identity') api(res, req, body)
    else sendJson(res, 200, { issuer: url, token_endpoint: `${url}/connect/token` })
  }).listen(0, '127.0.0.1')
  t.after(() => server.close())
  await once(server, 'listening')
  const url = address(server)
  return { url, requests }
}

function address(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function sendJson(res: ServerResponse, status: number, body: unknown): void {
  res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

function issueToken(res: ServerResponse): void {
  sendJson(res, 200, { access_token: 'the-token', token_type: 'Bearer', expires_in: 60 })
}

async function runMain(url: string, env: Record<string, string> = {}) {
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    const child = execFile(
      process.execPath,
      [main],
      { env: { PATH: process.env.PATH, ISSUER: url, SIMPLE_API_URL: url, ...env } },
      (_error, stdout, stderr) => resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    )
  })
}

describe('client-credentials', { concurrency: true }, () => {
  it('gets a token with its secret, calls the API with it and prints both', async (t) => {
    const { url, requests } = await startServers(t)

    const { code, stdout, stderr } = await runMain(url)

    assert.deepEqual({ code, stderr }, { code: 0, stderr: '' })
    assert.match(
      stdout,
      /Token response:[\s\S]*"the-token"[\s\S]*Service claims:[\s\S]*"type": "a"/,
    )
    const [id, secret] = ['client%2Dcredentials', 'secret']
    assert.deepEqual(requests, [
      { path: '/.well-known/openid-configuration', authorization: undefined, body: '' },
      {
        path: '/connect/token',
        authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
        body: 'scope=scope1&grant_type=client_credentials',
      },
      { path: '/identity', authorization: 'Bearer the-token', body: '' },
    ])
  })

  it('takes its credentials and its scope from the environment', async (t) => {
    const { url, requests } = await startServers(t)

    await runMain(url, { CLIENT_ID: 'a', CLIENT_SECRET: 'b c', SCOPE: 'x y' })

    assert.equal(requests[1]?.authorization, `Basic ${Buffer.from('a:b+c').toString('base64')}`)
    assert.equal(new URLSearchParams(requests[1]?.body).get('scope'), 'x y')
  })

  it('says that the secret is wrong', async (t) => {
    const { url } = await startServers(t, {
      token(res) {
        res.setHeader('www-authenticate', 'Basic')
        const error_description = 'unknown client or wrong secret'
        sendJson(res, 401, { error: 'invalid_client', error_description })
      },
    })

    assert.deepEqual(await runMain(url), {
      code: 1,
      stdout: '',
      stderr: `${url}/connect/token answered 401, invalid_client: unknown client or wrong secret\n`,
    })
  })

  it('says that a scope is refused', async (t) => {
    const { url } = await startServers(t, {
      token: (res) => sendJson(res, 400, { error: 'invalid_scope', error_description: 'scope9' }),
    })

    const { code, stderr } = await runMain(url)

    assert.equal(code, 1)
    assert.equal(stderr, `${url}/connect/token answered 400, invalid_scope: scope9\n`)
  })

  for (const [status, headers, sentence] of [
    [401, { 'www-authenticate': 'Bearer error="invalid_token"' }, 'answered 401, invalid_token'],
    [403, { 'www-authenticate': 'Bearer error="insufficient_scope"' }, '403, insufficient_scope'],
    [503, { 'retry-after': '3' }, 'answered 503 (try again in 3 s)'],
  ] as const) {
    it(`says that the API answered ${status}`, async (t) => {
      const { url } = await startServers(t, { api: (res) => res.writeHead(status, headers).end() })

      const { code, stderr } = await runMain(url)

      assert.equal(code, 1)
      assert.ok(stderr.startsWith(`${url}/identity answered ${status}`), stderr)
      assert.ok(stderr.endsWith(`${sentence}\n`), stderr)
    })
  }

  for (const variable of ['ISSUER', 'SIMPLE_API_URL']) {
    it(`says that nothing answers at ${variable}`, async (t) => {
      const { url } = await startServers(t)
      const closed = createServer().listen(0, '127.0.0.1')
      await once(closed, 'listening')
      const gone = address(closed)
      closed.close()

      const { code, stderr } = await runMain(url, { [variable]: gone, START_TIMEOUT_SECONDS: '0' })

      assert.equal(code, 1)
      assert.match(stderr, new RegExp(`^nothing answers at ${gone}: is .*\n$`))
    })
  }

  it('trusts no other issuer than the one it asked', async (t) => {
    const { url } = await startServers(t)

    const { code, stderr } = await runMain(url, { ISSUER: `${url}/other` })

    assert.equal(code, 1)
    assert.match(stderr, /issuer is ".*", expected ".*\/other"\n$/)
  })
})
