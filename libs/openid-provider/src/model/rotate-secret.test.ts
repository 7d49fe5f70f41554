import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { machine } from '../../test-support/registrations.ts'
import { createSecret, rotateSecret } from './rotate-secret.ts'
import { jsonWebKeyFile, sha256, sharedSecret } from './secret.ts'

const client = { ...machine, clientId: 'client' }
const old = sharedSecret(sha256('old'))
const secret = sharedSecret(sha256('new'))
const key = jsonWebKeyFile('/keys/client.json')
const oldUntil = new Date(5_000)

describe('rotateSecret', () => {
  it('adds the new secret, and has the old ones end', () => {
    const clientSecrets = [old, { ...old, expiration: new Date(9_000) }]

    assert.deepEqual(rotateSecret({ ...client, clientSecrets }, { secret, oldUntil }, 0), {
      ...client,
      clientSecrets: [{ ...old, expiration: oldUntil }, { ...old, expiration: oldUntil }, secret],
    })
  })

  it('prolongs nothing, drops what has ended, and leaves keys', () => {
    const ending = { ...old, expiration: new Date(4_000) }
    const ended = { ...old, expiration: new Date(1_000) }
    const rotated = rotateSecret(
      { ...client, clientSecrets: [ended, ending, key] },
      { secret, oldUntil },
      1_000,
    )

    assert.deepEqual(rotated.clientSecrets, [ending, key, secret])
  })

  it('drops the old ones when they end at once', () => {
    const rotated = rotateSecret(
      { ...client, clientSecrets: [old] },
      { secret, oldUntil: new Date(1_000) },
      1_000,
    )

    assert.deepEqual(rotated.clientSecrets, [secret])
  })
})

describe('createSecret', () => {
  it('has 256 bits, others each time, and no character that a form or a header changes', () => {
    assert.match(createSecret(), /^[\w-]{43}$/)
    assert.notEqual(createSecret(), createSecret())
  })
})
