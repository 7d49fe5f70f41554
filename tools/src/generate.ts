/** `npm run generate`: brings the generated sections of the READMEs up to date. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { findStaleDiagrams } from './diagrams.ts'
import { findStaleReadmes } from './lessons.ts'
import { workspaceRoot } from './projects.ts'

for (const findStale of [findStaleDiagrams, findStaleReadmes])
  for (const [path, text] of findStale()) writeFileSync(join(workspaceRoot, path), text)
