import { type Argon2Parameters, argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

const derive = promisify(argon2)

/** `memory` in KiB. The least that OWASP's Password Storage Cheat Sheet recommends for Argon2id. */
const cost = { memory: 19_456, passes: 2, parallelism: 1 }
const lengths = { salt: 16, tag: 32 }

const form = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/

/**
 * Hashes a password with Argon2id under a salt of its own, into a string that names all it takes to
 * verify it: `$argon2id$v=19$m=19456,t=2,p=1$<salt>$<tag>`, both in base64 without padding.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc9106.html#section-4 RFC 9106 §4}
 */
export async function createPasswordHash(password: string): Promise<string> {
  const salt = randomBytes(lengths.salt)
  const tag = await deriveTag(password, { ...cost, nonce: salt, tagLength: lengths.tag })
  const { memory, passes, parallelism } = cost
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${encode(salt)}$${encode(tag)}`
}

/**
 * Whether a password is the hashed one. The cost is the hash's own, so it can be raised for new
 * passwords while old ones go on working. It is paid in a thread: the event loop is free meanwhile.
 *
 * @throws {Error} when the hash is not in the form that {@link createPasswordHash} writes.
 */
export async function matchesPassword(password: string, passwordHash: string): Promise<boolean> {
  const [, memory, passes, parallelism, salt = '', expected = ''] = form.exec(passwordHash) ?? []
  if (expected === '') throw new Error('a password hash is not in the form $argon2id$v=19$…')
  const tag = Buffer.from(expected, 'base64')
  const actual = await deriveTag(password, {
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    nonce: Buffer.from(salt, 'base64'),
    tagLength: tag.length,
  })
  return timingSafeEqual(actual, tag)
}

function deriveTag(password: string, parameters: Omit<Argon2Parameters, 'message'>) {
  return derive('argon2id', { ...parameters, message: password })
}

function encode(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '')
}
