/** The first half of `npm run generate`: brings what is generated in the documents up to date. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

import { findStaleDiagrams } from './diagrams.ts'
import { findStaleReadmes } from './lessons.ts'
import { workspaceRoot } from './projects.ts'
import { findStaleProperties } from './registration-properties.ts'

// It has no options, and says so.
parseArgs()
for (const findStale of [findStaleDiagrams, findStaleReadmes, findStaleProperties])
  for (const [path, text] of findStale()) writeFileSync(join(workspaceRoot, path), text)
