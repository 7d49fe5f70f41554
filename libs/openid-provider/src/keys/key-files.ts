import { chmod, link, mkdir, open, readdir, readFile, rm, unlink } from 'node:fs/promises'
import { join } from 'node:path'

import { type SigningAlgorithmName, signingAlgorithms } from './signing-algorithms.ts'
import { importSigningKey, type StoredKey } from './signing-key.ts'

/** Where a key ring keeps its keys. Processes that share one share their keys. */
export interface KeyStore {
  load(): Promise<readonly StoredKey[]>
  /**
   * Adds a key as the successor of the newest of its algorithm. False when another process was faster:
   * then its key is the successor, and is there to be loaded.
   */
  add(key: StoredKey, predecessor: StoredKey | undefined): Promise<boolean>
  remove(key: StoredKey): Promise<void>
}

/**
 * Keys as files, one each: `ES256-<when its predecessor was made>.json`. The name is what keeps two
 * processes from making two successors. The files can be read by their owner alone; those that a copy or a
 * restored backup has opened to others are closed when they are read.
 *
 * @throws {Error} on use, naming the file, when one cannot be read or written.
 */
export function keyFiles(directory: string): KeyStore {
  const files = new Map<string, string>()

  return {
    async load() {
      await mkdir(directory, { recursive: true, mode: 0o700 })
      await chmod(directory, 0o700)
      const names = (await readdir(directory)).filter((name) => name.endsWith('.json'))
      return Promise.all(
        names.map(async (name) => {
          const key = await readKey(join(directory, name))
          files.set(key.kid, join(directory, name))
          return key
        }),
      )
    },

    async add(key, predecessor) {
      const file = join(directory, fileName(key.alg, predecessor))
      const draft = `${file}.${key.kid}.draft`
      await writeDurably(draft, JSON.stringify(key, undefined, 2))
      try {
        await link(draft, file)
        files.set(key.kid, file)
        return true
      } catch (error) {
        if (isCode(error, 'EEXIST')) return false
        throw error
      } finally {
        await unlink(draft)
      }
    },

    async remove(key) {
      const file = files.get(key.kid)
      // Another process may have removed it already.
      if (file !== undefined) await rm(file, { force: true })
      files.delete(key.kid)
    },
  }
}

function fileName(alg: SigningAlgorithmName, predecessor: StoredKey | undefined): string {
  return `${alg}-${predecessor?.created ?? 0}.json`
}

async function readKey(file: string): Promise<StoredKey> {
  try {
    const key: StoredKey = JSON.parse(await readFile(file, 'utf8'))
    const { kid, alg, created } = key
    if (typeof kid === 'string' && typeof created === 'number')
      if (Object.hasOwn(signingAlgorithms, alg)) {
        await importSigningKey(key)
        await chmod(file, 0o600)
        return key
      }
  } catch (error) {
    // The system names the file by itself, but for a folder. The rest is reported below.
    if (isSystemError(error) && !isCode(error, 'EISDIR')) throw error
  }
  throw new Error(
    `${file} is not a signing key. Restore it from a backup; or remove it, and a new key is made: ` +
      'tokens signed with the old one are then refused.',
  )
}

async function writeDurably(file: string, text: string): Promise<void> {
  const handle = await open(file, 'wx', 0o600)
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}

function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error
}
