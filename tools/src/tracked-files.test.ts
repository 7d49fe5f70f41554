import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'

import { workspaceRoot } from './projects.ts'

const unwelcome = [
  { what: 'a private key', pattern: /-----BEGIN [A-Z ]*PRIVATE KEY|"d"\s*:\s*"[\w-]{40,}"/ },
  { what: 'a path of one machine', pattern: /(?<![\w./}-])\/(?:home|root|Users|work)\/\w/ },
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
      const files = git.stdout.split('\n').filter((file) => file !== '')
      const found = files.filter((file) =>
        pattern.test(readFileSync(workspaceRoot + file, 'latin1')),
      )
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
