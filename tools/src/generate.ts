/**
 * `npm run generate`: brings what is generated in the documents up to date. With `--check` it only says what
 * is stale, as `npm test` does.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { findStaleDiagrams } from './diagrams.ts'
import { findStaleReadmes } from './lessons.ts'
import { workspaceRoot } from './projects.ts'
import { findStaleProperties } from './registration-properties.ts'

for (const findStale of [findStaleDiagrams, findStaleReadmes, findStaleProperties])
  for (const [path, text] of findStale()) {
    if (process.argv.includes('--check')) {
      console.error(`${path} is stale: npm run generate`)
      process.exitCode = 1
    } else writeFileSync(join(workspaceRoot, path), text)
  }
