/**
 * `npm test`: what is quick to fail first, then the browser, which must not share the processor with
 * the unit tests. Stops at the first part that fails, with its exit code.
 */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

import { compileCache, workspaceRoot } from './projects.ts'

const parts = [
  { name: 'types, lint, unit tests, interop', nx: 'run-many -t typecheck lint test interop' },
  { name: 'every scenario, in a real browser', nx: 'run e2e:e2e' },
]

/** Milliseconds: a bound for what hangs where no test's own bound reaches it. */
const patience = 900_000

const nx = fileURLToPath(import.meta.resolve('nx/bin/nx.js'))
const durations: string[] = []

for (const part of parts) {
  const start = performance.now()
  // Node itself, not npx: a signal sent to npx would leave what it started behind.
  const { status } = spawnSync(process.execPath, [nx, ...part.nx.split(' ')], {
    cwd: workspaceRoot,
    // The tests start hundreds of processes from the same sources: Node compiles each source once.
    env: { NODE_COMPILE_CACHE: compileCache, ...process.env },
    stdio: 'inherit',
    timeout: patience,
  })
  const seconds = ((performance.now() - start) / 1000).toFixed(1)
  durations.push(`${seconds.padStart(6)} s  ${part.name}${status === 0 ? '' : ': FAILED'}`)
  if (status !== 0) {
    process.exitCode = status ?? 1
    break
  }
}

console.log(durations.join('\n'))
