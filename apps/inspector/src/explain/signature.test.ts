import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'

import { keyPair } from '@basics/sample-kit'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'

import { signatureChecks } from './signature.ts'

const check = signatureChecks()
let clientKey: Awaited<ReturnType<typeof keyPair>>

before(async () => {
  process.env.DATA_DIR = mkdtempSync(join(tmpdir(), 'signature-'))
  clientKey = await keyPair('mvc-jar-jwt')
})

after(() => rmSync(process.env.DATA_DIR ?? '', { recursive: true }))

function sign(iss: string, key: CryptoKey, kid = 'key-1'): Promise<string> {
  return new SignJWT().setProtectedHeader({ alg: 'ES256', kid }).setIssuer(iss).sign(key)
}

describe('a signature', () => {
  it('of a client is checked with the key it has registered', async () => {
    const { key, kid } = clientKey

    const { verdict, sentence } = await check(await sign('mvc-jar-jwt', key, kid))

    assert.equal(verdict, 'valid')
    assert.match(sentence, new RegExp(`the key that mvc-jar-jwt has registered \\(${kid}\\)`))
  })

  it('made with another key is not valid', async () => {
    const { privateKey } = await generateKeyPair('ES256')

    const { verdict } = await check(await sign('mvc-jar-jwt', privateKey))

    assert.equal(verdict, 'invalid')
  })

  it('that is missing is not valid', async () => {
    const parts = [{ alg: 'none' }, { iss: 'mvc-jar-jwt' }].map((part) =>
      Buffer.from(JSON.stringify(part)).toString('base64url'),
    )

    assert.deepEqual(await check(`${parts.join('.')}.`), {
      verdict: 'invalid',
      sentence: 'It is not signed at all.',
    })
  })

  for (const stranger of ['https://login.example', '../../private-key', 'constructor'])
    it(`of ${stranger} is not looked into`, async () => {
      const { verdict, sentence } = await check(await sign(stranger, clientKey.key))

      assert.equal(verdict, 'unknown')
      assert.match(sentence, /nobody whose keys are known/)
    })

  it('of the token service is checked with the keys it publishes', async (t) => {
    const { publicKey, privateKey } = await generateKeyPair('ES256')
    const keys = [{ ...(await exportJWK(publicKey)), kid: 'key-1', alg: 'ES256' }]
    const agents: unknown[] = []
    const server = createServer((request, response) => {
      agents.push(request.headers['user-agent'])
      response.setHeader('Content-Type', 'application/json').end(JSON.stringify({ keys }))
    })
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
    t.after(() => server.close())
    const { port } = server.address() as { port: number }
    const own = `http://127.0.0.1:${port}`

    const { verdict, sentence } = await signatureChecks(own)(await sign(own, privateKey))

    assert.equal(verdict, 'valid')
    assert.match(sentence, /the token service's published key \(key-1\)/)
    assert.deepEqual(agents, ['basics-inspector'])
  })

  it('cannot be checked while the token service does not answer', async () => {
    const nowhere = 'http://127.0.0.1:1'

    const { verdict } = await signatureChecks(nowhere)(await sign(nowhere, clientKey.key))

    assert.equal(verdict, 'unknown')
  })
})
