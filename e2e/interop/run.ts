/**
 * Runs the tests in this folder, then holds docs/interop.md to what they have proven: the page says
 * neither more nor less. With `--write` it is written instead.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { finished } from 'node:stream/promises'
import { run } from 'node:test'
import { spec } from 'node:test/reporters'

import { proofs } from './capabilities.ts'
import { createInteropPage, interopPage } from './interop-page.ts'

// Without isolation, so that what the tests have proven is found in this process.
const tests = run({
  cwd: import.meta.dirname,
  globPatterns: ['*.test.ts'],
  isolation: 'none',
  // Milliseconds, a bound for what hangs.
  timeout: 120_000,
})
tests.on('test:fail', () => {
  process.exitCode = 1
})
tests.compose(spec).pipe(process.stdout)
await finished(tests)

if (process.exitCode === undefined) {
  const page = readFileSync(interopPage, 'utf8')
  const expected = createInteropPage(page, proofs)
  if (process.argv.includes('--write')) writeFileSync(interopPage, expected)
  else if (page !== expected) {
    console.error('docs/interop.md is not what the tests show: npm run generate')
    process.exitCode = 1
  }
}
