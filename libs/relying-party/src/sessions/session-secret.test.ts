import assert from 'node:assert/strict'
import { readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'

import { temporaryFolder } from '../../test-support/start-app.ts'
import { readSessionSecret } from './session-secret.ts'

describe('readSessionSecret', () => {
  it('makes 256 random bits for each folder, and keeps them', (t) => {
    const folder = join(temporaryFolder(t), 'data')

    const secret = readSessionSecret(folder)

    assert.equal(Buffer.from(secret, 'base64url').length, 32)
    assert.equal(readSessionSecret(folder), secret)
    assert.notEqual(readSessionSecret(temporaryFolder(t)), secret)
    assert.deepEqual(readdirSync(folder), ['session-secret'])
  })

  it('lets nobody else read them', { skip: process.platform === 'win32' }, (t) => {
    const folder = join(temporaryFolder(t), 'data')
    const umask = process.umask(0)
    t.after(() => process.umask(umask))

    readSessionSecret(folder)

    assert.equal(statSync(folder).mode & 0o777, 0o700)
    assert.equal(statSync(join(folder, 'session-secret')).mode & 0o777, 0o600)
  })

  it('does not sign with whatever is in the file', (t) => {
    const folder = temporaryFolder(t)
    writeFileSync(join(folder, 'session-secret'), '')

    assert.throws(() => readSessionSecret(folder), /session-secret holds no session secret/)
  })

  it('says what it cannot read', (t) => {
    const file = join(temporaryFolder(t), 'file')
    writeFileSync(file, '')

    assert.throws(() => readSessionSecret(file), { code: 'ENOTDIR' })
  })
})
