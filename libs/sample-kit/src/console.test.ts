import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { runProgram } from '../test-support/run-program.ts'
import { readJson } from './console.ts'

const program = (source: string) => `
  import { heading, printJson, printJwt, printTokenResponse, run } from './src/console.ts'
  ${source}`

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

describe('run', () => {
  it('ends with one sentence and exit code 1, though timers are running', async (t) => {
    const source = `setInterval(() => {}, 1000)
      run(async () => { throw new Error('the reason') })`

    assert.deepEqual(await runProgram(t, program(source)), {
      code: 1,
      stdout: '',
      stderr: 'the reason\n',
    })
  })

  it('asks a program that goes on to stop when its npm is gone', async (t) => {
    const source = `process.kill = () => { throw Object.assign(new Error(), { code: 'ESRCH' }) }
      const work = setInterval(() => {}, 1000)
      process.once('SIGTERM', () => { console.log('asked'); clearInterval(work) })
      run(async () => {})`

    const outcome = await runProgram(t, program(source), { npm_lifecycle_event: 'start' })

    assert.deepEqual(outcome, { code: 0, stdout: 'asked\n', stderr: '' })
  })

  it('shows the stack when DEBUG is set', async (t) => {
    const source = `run(async () => { throw new Error('the reason') })`

    const { stderr } = await runProgram(t, program(source), { DEBUG: '1' })

    assert.match(stderr, /Error: the reason\n {4}at .*\nthe reason\n$/s)
  })
})

describe('printing', { concurrency: true }, () => {
  it('has green headings only where colours are wanted', async (t) => {
    const source = `heading('Token response')`

    const plain = await runProgram(t, program(source))
    const green = await runProgram(t, program(source), { FORCE_COLOR: '1' })
    const never = await runProgram(t, program(source), { NO_COLOR: '1' })

    assert.equal(plain.stdout, '\nToken response:\n')
    assert.equal(green.stdout, '\n\u001b[32mToken response:\u001b[39m\n')
    assert.equal(never.stdout, plain.stdout)
  })

  it('decodes an access token that is a JWT', async (t) => {
    const jwt = `${encode({ alg: 'ES256' })}.${encode({ iss: 'http://ü.example' })}.AA`
    const source = `printTokenResponse({ access_token: '${jwt}', expires_in: 60 })`

    const { stdout } = await runProgram(t, program(source))

    assert.equal(
      stdout,
      `
Token response:
{
  "access_token": "${jwt}",
  "expires_in": 60
}

Access token (decoded):
{
  "alg": "ES256"
}
{
  "iss": "http://ü.example"
}
`,
    )
  })

  it('leaves an access token without dots alone', async (t) => {
    const { stdout } = await runProgram(
      t,
      program(`printTokenResponse({ access_token: 'opaque' })`),
    )

    assert.equal(stdout, '\nToken response:\n{\n  "access_token": "opaque"\n}\n')
  })

  it('bears a token with dots that is no JWT', async (t) => {
    const { stdout } = await runProgram(t, program(`printJwt('Assertion', 'a.b.c')`))

    assert.equal(stdout, '\nAssertion:\nIt has dots but is no signed JWT.\n')
  })
})

describe('readJson', () => {
  it('returns the JSON of a successful answer', async () => {
    assert.deepEqual(await readJson(Response.json([1])), [1])
  })

  it('throws what the server said of a refusal', async () => {
    const headers = { 'www-authenticate': 'Bearer error="insufficient_scope"' }

    await assert.rejects(readJson(new Response('', { status: 403, headers })), {
      message: ' answered 403, insufficient_scope',
    })
  })

  it('throws when the body is no JSON', async () => {
    await assert.rejects(readJson(new Response('<h1>')), {
      message: ' answered 200 with a body that is no JSON',
    })
  })
})
