import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

const record = new URL('../src/record.ts', import.meta.url).href
const cwd = fileURLToPath(new URL('..', import.meta.url))

/** Runs a program, given as the source of an ES module, with the recorder loaded, to its end. */
export async function runRecorded(source: string, environment: Record<string, string> = {}) {
  const child = spawn(
    process.execPath,
    ['--import', record, '--input-type=module', '--eval', source],
    {
      cwd,
      env: { PATH: process.env.PATH, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ])
  return { code, stdout, stderr }
}
