import assert from 'node:assert/strict'
import type { ChildProcess } from 'node:child_process'
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'

import type { JSONWebKeySet } from 'jose'

import { nextMessage, startProcess } from '../../test-support/test-process.ts'
import { keyFiles } from './key-files.ts'
import { openKeyRing } from './key-ring.ts'
import { generateKey } from './signing-key.ts'

const program = new URL('key-files.test-process.ts', import.meta.url)

function createFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'keys-'))
  t.after(() => rmSync(folder, { recursive: true }))
  return folder
}

describe('key files', () => {
  it('keep the keys when the service is started again', async (t) => {
    const folder = join(createFolder(t), 'keys')
    const first = await openKeyRing({ store: keyFiles(folder) })
    first.close()

    const second = await openKeyRing({ store: keyFiles(folder) })
    second.close()

    assert.equal(second.jwks().keys.length, 2)
    assert.deepEqual(second.jwks(), first.jwks())
  })

  it('are for their owner alone', { skip: process.platform === 'win32' }, async (t) => {
    const folder = join(createFolder(t), 'data', 'keys')
    const store = keyFiles(folder)
    await store.load()
    await store.add(await generateKey('ES256', 0), undefined)

    const modeOf = (path: string) => statSync(path).mode & 0o777
    assert.equal(modeOf(folder), 0o700)
    assert.deepEqual(readdirSync(folder), ['ES256-0.json'])
    assert.equal(modeOf(join(folder, 'ES256-0.json')), 0o600)
  })

  it('are closed again to others who were let in', {
    skip: process.platform === 'win32',
  }, async (t) => {
    const folder = createFolder(t)
    const file = join(folder, 'ES256-0.json')
    await keyFiles(folder).add(await generateKey('ES256', 1), undefined)
    chmodSync(folder, 0o755)
    chmodSync(file, 0o644)

    await keyFiles(folder).load()

    const modes = [folder, file].map((path) => statSync(path).mode & 0o777)
    assert.deepEqual(modes, [0o700, 0o600])
  })

  it('take one successor of a key, the first', async (t) => {
    const folder = createFolder(t)
    const [one, other] = [keyFiles(folder), keyFiles(folder)]
    const first = await generateKey('ES256', 1)
    const [successor, tooLate] = [await generateKey('ES256', 2), await generateKey('ES256', 2)]

    assert.equal(await one.add(first, undefined), true)
    assert.equal(await one.add(successor, first), true)
    assert.equal(await other.add(tooLate, first), false)

    assert.deepEqual(readdirSync(folder).sort(), ['ES256-0.json', 'ES256-1.json'])
    assert.deepEqual(await other.load(), [first, successor])
  })

  it('can be removed by two processes', async (t) => {
    const folder = createFolder(t)
    const [one, other] = [keyFiles(folder), keyFiles(folder)]
    const key = await generateKey('ES256', 1)
    await one.add(key, undefined)
    await other.load()

    await one.remove(key)
    await other.remove(key)

    assert.deepEqual(readdirSync(folder), [])
  })

  it('are not mistaken for what a crash left half-written', async (t) => {
    const folder = createFolder(t)
    writeFileSync(join(folder, 'ES256-0.json.abc.draft'), '{"kid"')

    assert.deepEqual(await keyFiles(folder).load(), [])
  })

  it('are the same for two processes that start together', async (t) => {
    const processes = await Promise.all([startProcess(t, program), startProcess(t, program)])
    for (let round = 0; round < 20; round++) {
      const folder = join(createFolder(t), 'keys')

      const [one, other] = await Promise.all(processes.map((child) => openIn(child, folder)))

      assert.equal(readdirSync(folder).length, 1)
      assert.deepEqual(one, other)
      assert.equal(one?.keys?.length, 1)
    }
  })

  for (const [problem, text] of [
    ['is empty', () => ''],
    ['is cut off', (whole: string) => whole.slice(0, 50)],
    ['holds null', () => 'null'],
    ['holds something else', () => '{"kid":"a"}'],
    ['holds no key', () => '{"kid":"a","alg":"ES256","created":1,"jwk":{}}'],
    ['holds a public key', (whole: string) => whole.replace('"d"', '"D"')],
    ['has no name', (whole: string) => whole.replace('"kid"', '"id"')],
    ['is for an unknown algorithm', (whole: string) => whole.replace('"ES256"', '"toString"')],
    [
      'does not say when it was made',
      (whole: string) => whole.replace('"created": 1', '"created": null'),
    ],
  ] as const)
    it(`are refused when one ${problem}, by its name`, async (t) => {
      const folder = createFolder(t)
      const file = join(folder, 'ES256-0.json')
      await keyFiles(folder).add(await generateKey('ES256', 1), undefined)
      writeFileSync(file, text(readFileSync(file, 'utf8')))

      await assert.rejects(keyFiles(folder).load(), {
        message:
          `${file} is not a signing key. Restore it from a backup; or remove it, and a new key is ` +
          'made: tokens signed with the old one are then refused.',
      })
    })

  it('are refused when one is a folder, by its name', async (t) => {
    const folder = createFolder(t)
    mkdirSync(join(folder, 'x.json'))

    await assert.rejects(keyFiles(folder).load(), (error: Error) =>
      error.message.startsWith(`${join(folder, 'x.json')} is not a signing key. `),
    )
  })

  it('are refused where there can be no folder, by its name', async (t) => {
    const file = join(createFolder(t), 'file')
    writeFileSync(file, '')

    await assert.rejects(keyFiles(file).load(), (error: Error) => error.message.includes(file))
  })
})

function openIn(child: ChildProcess, folder: string): Promise<Partial<JSONWebKeySet>> {
  child.send(folder)
  return nextMessage(child)
}
