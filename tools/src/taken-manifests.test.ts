import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'

import { readProjects, workspaceRoot } from './projects.ts'
import { createProjectManifest, createWorkspaceManifest } from './taken-manifests.ts'

const root = JSON.parse(readFileSync(join(workspaceRoot, 'package.json'), 'utf8'))

function readScripts(name: string): unknown {
  const app = readProjects(workspaceRoot).find((project) => project.name === name)
  assert.ok(app)
  return (createWorkspaceManifest(app, root) as { scripts: unknown }).scripts
}

describe('scripts of an app that was taken', () => {
  it('start it and check its types', () => {
    assert.deepEqual(readScripts('mvc-basic'), {
      start: 'node apps/mvc-basic/src/main.ts',
      typecheck: 'tsc --noEmit -p apps/mvc-basic',
    })
  })

  it('are its targets, run in the folder in which Nx runs them', () => {
    assert.deepEqual(readScripts('identity-server'), {
      start: 'node apps/identity-server/src/main.ts',
      typecheck: 'tsc --noEmit -p apps/identity-server',
      clients: 'node apps/identity-server/src/manage-clients/main.ts',
      'configuration-schema': 'node apps/identity-server/src/print-configuration-schema.ts',
    })
  })

  it('check the types of a page with its own compiler options too', () => {
    assert.deepEqual(readScripts('spa-implicit'), {
      start: 'node apps/spa-implicit/src/main.ts',
      typecheck: 'cd apps/spa-implicit && tsc --noEmit && tsc --noEmit -p src/browser',
    })
  })
})

describe('package.json of a project that was taken', () => {
  it('has its libraries by folder, the types that it needs, and no test', () => {
    assert.deepEqual(
      createProjectManifest({
        exports: { '.': './src/index.ts', './test-support': './test-support/index.ts' },
        dependencies: { '@basics/protocol': '0.0.0', express: '^5.3.0' },
        devDependencies: { '@types/express': '^5.0.6', 'oidc-provider': '^9.0.0' },
        nx: {},
      }),
      {
        exports: { '.': './src/index.ts' },
        dependencies: { '@basics/protocol': 'file:../../libs/protocol', express: '^5.3.0' },
        devDependencies: { '@types/express': '^5.0.6' },
      },
    )
  })
})
