import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'

import { startServer } from '../test-support/start-server.ts'
import { fetchAndHandOver, handOver } from './arriving-answer.ts'

const grant = new URLSearchParams({ grant_type: 'authorization_code' })

async function start(t: TestContext, answer: string, status = 200) {
  const url = await startServer(t, (_req, res) => res.writeHead(status).end(answer))
  return (body: URLSearchParams | null = grant) => fetchAndHandOver(url, { method: 'POST', body })
}

describe('the refresh token of an answer', () => {
  it('is handed over to whoever made the request, before the answer is there', async (t) => {
    const ask = await start(t, '{"refresh_token":"new"}')
    const received: string[] = []

    const answers = await Promise.all(
      ['a', 'b'].map((name) =>
        handOver(
          async (refresh_token) => received.push(`${name} ${refresh_token}`),
          async () => {
            const response = await ask()
            assert.ok(received.includes(`${name} new`))
            return response.json()
          },
        ),
      ),
    )

    assert.deepEqual(received.sort(), ['a new', 'b new'])
    assert.deepEqual(answers, [{ refresh_token: 'new' }, { refresh_token: 'new' }])
  })

  it('has nobody to go to outside of that', async (t) => {
    const ask = await start(t, '{"refresh_token":"new"}')

    assert.deepEqual(await (await ask()).json(), { refresh_token: 'new' })
  })

  it('stops the answer when it cannot be received', async (t) => {
    const ask = await start(t, '{"refresh_token":"new"}')

    await assert.rejects(
      handOver(() => Promise.reject(new Error('the disk is full')), ask),
      /full/,
    )
  })

  for (const [what, answer, status, body] of [
    ['has none', '{"access_token":"new"}', 200, grant],
    ['has an empty one', '{"refresh_token":""}', 200, grant],
    ['has one that is no text', '{"refresh_token":1}', 200, grant],
    ['is null', 'null', 200, grant],
    ['is no JSON', 'refresh_token=new', 200, grant],
    ['is a refusal', '{"refresh_token":"new"}', 400, grant],
    ['answers no token request', '{"refresh_token":"new"}', 200, new URLSearchParams()],
    ['answers a request without a body', '{"refresh_token":"new"}', 200, null],
  ] as const)
    it(`is not handed over when the answer ${what}`, async (t) => {
      const ask = await start(t, answer, status)

      const response = await handOver(
        async () => assert.fail(),
        () => ask(body),
      )

      assert.equal(await response.text(), answer)
    })
})
