import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { startSignIn } from '../../test-support/sign-in.ts'
import { memoryStore } from '../index.ts'

/** A token service, and what a stranger's request leaves in its store. */
async function start(t: Parameters<typeof startSignIn>[0]) {
  const store = memoryStore()
  const started = await startSignIn(t, { store })
  const kept = async () =>
    (await store.getAll({ type: ['waiting_request', 'pushed_authorization_request'] })).map(
      ({ data }) => data,
    )
  return { ...started, kept, store }
}

const refusal = 'the parameters have 16001 characters, of which 16000 are taken'

/** A `state` with which the parameters have as many characters. */
function fill(length: number, others: Record<string, string>): string {
  return 's'.repeat(length - Object.values(others).join('').length)
}

describe('a received request', () => {
  it('has no parameter that is not known', async (t) => {
    const { openBrowser, authorizeUrl, kept } = await start(t)
    const sent = Object.fromEntries(new URL(authorizeUrl()).searchParams)

    await openBrowser().authorize({ unknown: 'u'.repeat(50_000), client_secret: 'secret' })

    assert.deepEqual(
      (await kept()).map((data) => (data as { parameters: object }).parameters),
      [sent],
    )
  })

  it('has no more characters than are kept for a stranger', async (t) => {
    const { openBrowser, authorizeUrl, kept } = await start(t)
    const others = Object.fromEntries(new URL(authorizeUrl()).searchParams)
    const { authorize } = openBrowser()

    const most = await authorize({ state: fill(16_000, others) })
    const { body } = await authorize({ state: fill(16_001, others) })

    assert.equal(most.url.pathname, '/account/login')
    assert.equal(JSON.parse(body).errorDescription, refusal)
    assert.equal((await kept()).length, 1)
  })

  it('has none either when it was pushed', async (t) => {
    const { pushRequest, authorizeUrl, kept } = await start(t)
    const others = Object.fromEntries(new URL(authorizeUrl()).searchParams)

    const response = await pushRequest(
      { ...others, state: fill(16_001, others) },
      { client_id: 'web' },
    )
    await pushRequest({ ...others, unknown: 'u' }, { client_id: 'web' })

    assert.deepEqual(await response.json(), {
      error: 'invalid_request',
      error_description: refusal,
    })
    assert.deepEqual(
      (await kept()).map((data) => (data as { parameters: object }).parameters),
      [others],
    )
  })
})
