import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, it, type TestContext } from 'node:test'

import { Connection } from './connection.ts'
import { redirect_uri } from './registrations.ts'
import { authorize } from './requests.ts'
import { signIn } from './sign-in.ts'

describe('authorize', () => {
  it('takes a redirect to the client with a code', async (t) => {
    const { connection } = await startRedirecting(t, `${redirect_uri}?code=a-code&state=s`)

    const { status } = await authorize('/connect/authorize', '')(connection, 0)

    assert.equal(status, 303)
  })

  const elsewhere = {
    'to the login page': '/account/login?returnUrl=%2Fconnect%2Fauthorize%3Fcode_challenge%3Dc',
    'with an error': `${redirect_uri}?error=login_required&state=s`,
  }
  for (const [where, location] of Object.entries(elsewhere))
    it(`ends the run at a redirect ${where}, each time`, async (t) => {
      const { connection } = await startRedirecting(t, location)
      const step = authorize('/connect/authorize', '')

      for (const index of [0, 1])
        await assert.rejects(step(connection, index), /the redirect brings no code/)
    })
})

describe('sign-in', () => {
  it('gives up when the redirects go round in circles', { timeout: 5_000 }, async (t) => {
    const { url } = await startRedirecting(t, '/account/login')

    await assert.rejects(signIn(url, '/connect/authorize'), /does not come to an end/)
  })

  it('fails when the client is sent an error', async (t) => {
    const { url } = await startRedirecting(t, `${redirect_uri}?error=access_denied`)

    await assert.rejects(signIn(url, '/connect/authorize'), /the sign-in failed/)
  })
})

/** A server that sends everybody to one place. */
async function startRedirecting(t: TestContext, Location: string) {
  const server = createServer((_req, res) => {
    res.writeHead(303, { Location, 'Content-Length': 0 }).end()
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const connection = await Connection.open(url)
  t.after(() => {
    connection.close()
    server.close()
    server.closeAllConnections()
  })
  return { url, connection }
}
