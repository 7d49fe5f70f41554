import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'

import { clientJwk } from '../../test-support/client-assertion.ts'
import { jsonWebKey, jsonWebKeyFile, sha256, sharedSecret } from '../model/secret.ts'
import { importClientKey } from './import-client-key.ts'

describe('importClientKey', () => {
  it('imports a key once for each algorithm', async () => {
    const secret = jsonWebKey(clientJwk)

    const first = await importClientKey(secret, 'ES256')

    assert.equal(first?.kid, 'client-key')
    assert.equal(await importClientKey(secret, 'ES256'), first)
    assert.equal(await importClientKey(secret, 'ES384'), undefined)
    assert.equal(await importClientKey(secret, 'ES256'), first)
  })

  it('reads a file again when it has changed, and only then', async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'keys-'))
    t.after(() => rmSync(folder, { recursive: true }))
    const file = join(folder, 'client.jwk')
    const secret = jsonWebKeyFile(file)

    assert.equal(await importClientKey(secret, 'ES256'), undefined)
    writeFileSync(file, JSON.stringify(clientJwk))
    const first = await importClientKey(secret, 'ES256')
    assert.equal(await importClientKey(secret, 'ES256'), first)
    rmSync(file)
    assert.equal(await importClientKey(secret, 'ES256'), undefined)
    assert.equal(first?.kid, 'client-key')
  })

  it('finds no key in a shared secret', async () => {
    assert.equal(await importClientKey(sharedSecret(sha256('secret')), 'ES256'), undefined)
  })
})
