import assert from 'node:assert/strict'
import { it } from 'node:test'

import { scenarios, servers } from '@basics/sample-kit'

import { readProjects, workspaceRoot } from './projects.ts'

it('every app but the tools is listed where the home page looks, with the sentence of its package.json', () => {
  const listed = [
    ...servers.map(({ name, sentence }) => ({ name, kind: 'server', sentence })),
    ...scenarios.map(({ name, kind, sentence }) => ({ name, kind, sentence })),
  ]
  const apps = readProjects(workspaceRoot)
    .filter(({ kind }) => kind !== undefined && kind !== 'tool')
    .map(({ name, kind, description }) => ({ name, kind, sentence: description }))

  assert.deepEqual(
    listed.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    apps.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  )
})
