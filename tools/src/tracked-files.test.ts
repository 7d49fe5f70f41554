import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { describe, it } from 'node:test'

import { workspaceRoot } from './projects.ts'

const unwelcome = [
  { what: 'a private key', pattern: /-----BEGIN [A-Z ]*PRIVATE KEY|"d"\s*:\s*"[\w-]{40,}"/ },
  {
    what: 'a path of one machine',
    // But for a page of the original, which the map of its names mentions.
    pattern: /(?<![\w./}-])\/(?:home(?!\/error\b)|root|Users|work)\/\w/,
  },
  {
    what: 'the address of a package registry',
    pattern: /"resolved":\s+"http|^\s*(?:@\w+:)?registry\s*=/m,
  },
]

describe('files in the repository', () => {
  const git = spawnSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: workspaceRoot,
    encoding: 'utf8',
  })

  for (const { what, pattern } of unwelcome)
    it(`hold no ${what}`, { skip: git.status !== 0 && 'this is not a git checkout' }, () => {
      // One that was deleted is listed until the next commit.
      const paths = git.stdout.split('\n').map((file) => workspaceRoot + file)
      const files = paths.filter((path) => path !== workspaceRoot && existsSync(path))
      const found = files.filter((path) => pattern.test(readFileSync(path, 'latin1')))
      assert.deepEqual(found, [])
    })

  const examples = [
    `-----BEGIN ${'PRIVATE KEY'}-----`,
    `see ${'/home'}/alice/notes`,
    `"resolved": ${'"https:'}//registry.example/nx.tgz"`,
  ]
  for (const [index, { what, pattern }] of unwelcome.entries())
    it(`would show ${what}`, () => assert.match(examples[index] ?? '', pattern))
})
