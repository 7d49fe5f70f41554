import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, it } from 'node:test'

import { Connection, get } from './connection.ts'

describe('connection', () => {
  it('does not wait for ever for an answer', { timeout: 5_000 }, async (t) => {
    const server = createServer((req, res) => {
      if (req.url === '/soon') res.writeHead(200, { 'Content-Length': 0 }).end()
    })
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const connection = await Connection.open(url, 500)
    t.after(() => {
      connection.close()
      server.close()
      server.closeAllConnections()
    })

    assert.equal((await connection.send(get('/soon'))).status, 200)
    await assert.rejects(connection.send(get('/never')), { message: 'no answer within 500 ms' })
  })
})
