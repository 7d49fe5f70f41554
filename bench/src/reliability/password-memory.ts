/**
 * What the memory that Argon2id takes for a password does to a process: how much of it stays, and what it costs.
 *
 * `npx node bench/src/reliability/password-memory.ts`, and the same with `MALLOC_MMAP_THRESHOLD_=1048576` before it, as
 * the soak starts the token service
 */
import { argon2, randomBytes } from 'node:crypto'
import { promisify } from 'node:util'

import { mebibyte } from '../mebibyte.ts'

const derive = promisify(argon2)
/** As the token service hashes: `memory` in KiB. */
const parameters = { memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 }
/** Passwords at once: more than Node's pool has threads. */
const atOnce = 10

async function hashPasswords(times: number): Promise<void> {
  const hash = () =>
    derive('argon2id', { ...parameters, message: 'password', nonce: randomBytes(16) })
  for (let time = 0; time < times; time++) await Promise.all(Array.from({ length: atOnce }, hash))
}

function describeSize(): string {
  return `${Math.round(process.memoryUsage.rss() / mebibyte)} MiB`
}

console.log(`before: ${describeSize()}`)
await hashPasswords(1)
console.log(`after ${atOnce} passwords: ${describeSize()}`)
const before = process.cpuUsage()
await hashPasswords(20)
const { user, system } = process.cpuUsage(before)
const [own, ofSystem] = [user, system].map((time) => (time / 1000 / 20 / atOnce).toFixed(1))
console.log(`after ${21 * atOnce}: ${describeSize()}`)
console.log(`processor time each: ${own} ms, and ${ofSystem} ms of the system`)
