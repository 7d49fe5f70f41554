import { randomUUID } from 'node:crypto'
import { chmod, link, readFile, rename, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import {
  type CryptoKey,
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JWK,
} from 'jose'

import { dataFolder } from './data-folder.ts'
import { refuseToStart } from './refuse-to-start.ts'

/** What an app signs with: its private key, and the name by which others find the public one. */
export interface SigningKey {
  readonly key: CryptoKey
  readonly kid: string
}

const alg = 'ES256'

/**
 * The key pair of an app. It is made on first use and kept in the app's data folder, readable by its
 * owner alone. The public half is handed over in {@link publicKeyFile}, at every start. Ends the process
 * when what is kept there is no key.
 *
 * @param app The app's name, as in `apps/`.
 * @returns The private key, which cannot be exported; its `kid` is the thumbprint of the public one.
 * @see {@link https://www.rfc-editor.org/rfc/rfc7638.html#section-3 RFC 7638 §3}
 */
export async function keyPair(app: string): Promise<SigningKey> {
  const file = join(dataFolder(app), 'private-key.jwk')
  const jwk = (await readKey(file)) ?? (await createKey(file))
  const key = await importPrivateKey(jwk, file)
  const kid = await calculateJwkThumbprint(jwk)
  await replaceFile(publicKeyFile(app), toText(createPublicHalf(jwk, kid)))
  return { key, kid }
}

/**
 * Where an app leaves its public key for the token service. It stands for the portal, or the mail, by
 * which the owner of a client has its key registered.
 *
 * @param app The app's name, as in `apps/`.
 * @returns An absolute path. The file is there once {@link keyPair} has been called for the app.
 */
export function publicKeyFile(app: string): string {
  return join(dataFolder('client-keys'), `${app}.jwk`)
}

async function readKey(file: string): Promise<JWK | undefined> {
  try {
    const text = await readFile(file, 'utf8')
    // A copy or a restored backup may have opened it to others.
    await chmod(file, 0o600)
    return JSON.parse(text)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    return refuseKey(file)
  }
}

/** Of several processes that make one at the same time the first wins, and the others use its key. */
async function createKey(file: string): Promise<JWK> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true })
  const jwk = await exportJWK(privateKey)
  const draft = await writeDraft(file, toText(jwk), 0o600)
  try {
    await link(draft, file)
    return jwk
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    return (await readKey(file)) ?? refuseKey(file)
  } finally {
    await unlink(draft)
  }
}

async function importPrivateKey(jwk: JWK, file: string): Promise<CryptoKey> {
  const key = await importJWK(jwk, alg).catch(() => undefined)
  if (key === undefined || key instanceof Uint8Array || key.type !== 'private')
    return refuseKey(file)
  return key
}

/** Names each member that is public, so that no private one can slip through. */
function createPublicHalf({ kty, crv, x, y }: JWK, kid: string): object {
  return { kty, crv, x, y, alg, use: 'sig', kid }
}

/** A reader sees the old text or the new, never half of one. */
async function replaceFile(file: string, text: string): Promise<void> {
  await rename(await writeDraft(file, text, 0o644), file)
}

async function writeDraft(file: string, text: string, mode: number): Promise<string> {
  const draft = `${file}.${randomUUID()}.draft`
  await writeFile(draft, text, { flag: 'wx', mode })
  return draft
}

function toText(jwk: object): string {
  return `${JSON.stringify(jwk, undefined, 2)}\n`
}

function refuseKey(file: string): never {
  return refuseToStart(
    `${file} is not a private key for ${alg}: restore it from a backup, or remove it to have a new one made`,
  )
}
