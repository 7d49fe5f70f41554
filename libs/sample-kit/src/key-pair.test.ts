import assert from 'node:assert/strict'
import { createPublicKey, verify } from 'node:crypto'
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'

import { calculateJwkThumbprint } from 'jose'

import { runProgram } from '../test-support/run-program.ts'

function createDataFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'key-pair-'))
  t.after(() => rmSync(folder, { recursive: true }))
  return folder
}

/** Runs a program in which `key` and `kid` are those of some-app, `times` calls to keyPair having been made. */
function runWithKey(t: TestContext, DATA_DIR: string, source = 'console.log(kid)', times = 1) {
  const program = `import { keyPair } from './src/key-pair.ts'
    const calls = Array.from({ length: ${times} }, () => keyPair('some-app'))
    const all = await Promise.all(calls)
    const [{ key, kid }] = all
    ${source}`
  return runProgram(t, program, { DATA_DIR })
}

function readPublicKey(folder: string) {
  return JSON.parse(readFileSync(join(folder, 'client-keys/some-app.jwk'), 'utf8'))
}

describe('keyPair', { concurrency: true }, () => {
  it('hands over the public half of the key it signs with, and nothing private', async (t) => {
    const folder = createDataFolder(t)
    const { stdout } = await runWithKey(
      t,
      folder,
      `const data = new TextEncoder().encode('data')
      const signature = await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, key, data)
      console.log(kid, Buffer.from(signature).toString('base64'))`,
    )
    const [kid, signature = ''] = stdout.trim().split(' ')
    const jwk = readPublicKey(folder)

    assert.deepEqual(Object.keys(jwk), ['kty', 'crv', 'x', 'y', 'alg', 'use', 'kid'])
    assert.deepEqual([jwk.kty, jwk.crv, jwk.alg, jwk.use], ['EC', 'P-256', 'ES256', 'sig'])
    assert.deepEqual([kid, jwk.kid], Array(2).fill(await calculateJwkThumbprint(jwk)))
    const key = createPublicKey({ key: jwk, format: 'jwk' })
    assert.ok(
      verify(
        'sha256',
        Buffer.from('data'),
        { key, dsaEncoding: 'ieee-p1363' },
        Buffer.from(signature, 'base64'),
      ),
    )
  })

  it('keeps the private half for its owner alone, and lets nobody export it', async (t) => {
    const folder = createDataFolder(t)
    const { stdout } = await runWithKey(t, folder, 'console.log(key.type, key.extractable)')

    assert.equal(stdout, 'private false\n')
    assert.equal(statSync(join(folder, 'some-app/private-key.jwk')).mode & 0o777, 0o600)
  })

  it('closes what it kept to others who were let in', {
    skip: process.platform === 'win32',
  }, async (t) => {
    const folder = createDataFolder(t)
    const file = join(folder, 'some-app/private-key.jwk')
    await runWithKey(t, folder)
    chmodSync(file, 0o644)

    await runWithKey(t, folder)

    assert.equal(statSync(file).mode & 0o777, 0o600)
  })

  it('has the same key in the next run, and hands it over again', async (t) => {
    const folder = createDataFolder(t)
    const first = await runWithKey(t, folder)
    rmSync(join(folder, 'client-keys'), { recursive: true })
    const second = await runWithKey(t, folder)

    assert.equal(second.stdout, first.stdout)
    assert.equal(readPublicKey(folder).kid, second.stdout.trim())
  })

  it('makes one key for all who ask for the first at the same time', async (t) => {
    const folder = createDataFolder(t)
    const source = 'console.log(new Set(all.map(({ kid }) => kid)).size)'
    const { stdout } = await runWithKey(t, folder, source, 10)

    assert.equal(stdout, '1\n')
    assert.deepEqual(readdirSync(join(folder, 'some-app')), ['private-key.jwk'])
    assert.deepEqual(readdirSync(join(folder, 'client-keys')), ['some-app.jwk'])
  })

  for (const [what, text] of [
    ['is cut off', '{"kty":"EC",'],
    ['is of another kind', '{"kty":"oct","k":"AAAA"}'],
    ['is null', 'null'],
    [
      // The key of RFC 7517 appendix A.1.
      'is only a public key',
      `{"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
      "y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"}`,
    ],
  ])
    it(`ends the process with a sentence when what it kept ${what}`, async (t) => {
      const folder = createDataFolder(t)
      const file = join(folder, 'some-app/private-key.jwk')
      mkdirSync(join(folder, 'some-app'))
      await writeFile(file, text ?? '')

      const { code, stderr } = await runWithKey(t, folder)

      assert.equal(code, 1)
      assert.equal(
        stderr,
        `${file} is not a private key for ES256: restore it from a backup, or remove it to have a new one made\n`,
      )
      assert.deepEqual(readdirSync(folder), ['some-app'])
    })
})
