import { randomBytes } from 'node:crypto'
import { linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * The secret that cookies are signed and sealed with, from a file that its owner alone can read. It is
 * made when first asked for, so that every installation has its own and a restart keeps it.
 *
 * @throws {Error} a sentence, when the file holds something else, or the errors of the file system.
 */
export function readSessionSecret(folder: string): string {
  const file = join(folder, 'session-secret')
  const secret = read(file) ?? create(folder, file)
  if (!/^[\w-]{43}$/.test(secret))
    throw new Error(`${file} holds no session secret. Remove it: everyone then signs in again`)
  return secret
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}

/** Under its name the file is complete from the start, and of two processes one is first. */
function create(folder: string, file: string): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const draft = `${file}.${randomBytes(8).toString('hex')}`
  writeFileSync(draft, randomBytes(32).toString('base64url'), { flag: 'wx', mode: 0o600 })
  try {
    linkSync(draft, file)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  } finally {
    unlinkSync(draft)
  }
  return readFileSync(file, 'utf8')
}
