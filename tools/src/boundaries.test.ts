import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, sep } from 'node:path'
import { describe, it, type TestContext } from 'node:test'

import { findUnusedDependencies, findViolations } from './boundaries.ts'
import { workspaceRoot } from './projects.ts'

describe('boundaries', () => {
  it('are kept by this workspace', () => {
    assert.deepEqual(findViolations(workspaceRoot), [])
    assert.deepEqual(findUnusedDependencies(workspaceRoot), [])
  })

  const manifests: Readonly<Record<string, string>> = {
    'apps/web/package.json': manifest('web', 'app', ['openid-provider', 'relying-party']),
    'apps/worker/package.json': manifest('worker', 'app', ['web', 'sample-kit']),
    'e2e/package.json': manifest('e2e', undefined, ['tools']),
    'libs/openid-provider/package.json': manifest('openid-provider', 'server', [
      'protocol',
      'relying-party',
      'sample-kit',
    ]),
    'libs/protocol/package.json': manifest('protocol', 'protocol', ['sample-kit'], { test: {} }),
    'libs/protocol/src/scope.test.ts': '',
    'libs/relying-party/package.json': manifest('relying-party', 'client', ['openid-provider']),
    'libs/sample-kit/package.json': manifest('sample-kit', 'chrome', ['protocol']),
    'libs/token-management/package.json': manifest('token-management', 'client', [
      'protocol',
      'relying-party',
      'openid-client',
    ]),
    'tools/package.json': manifest('tools', undefined, ['e2e']),
  }

  const allowed: Readonly<Record<string, string>> = {
    'a layer below': "libs/openid-provider/src/a.ts: import { x } from '@basics/protocol'",
    'a part of a package': "libs/token-management/src/a.ts: import 'openid-client/passport'",
    'the neighbour for its session':
      "libs/token-management/src/a.ts: import '@basics/relying-party'",
    'the neighbour for the pages that tests generate':
      "e2e/interop/a.ts: import '@basics/tools/generated-section'",
    'Node itself': "libs/protocol/src/a.ts: import { x } from 'node:test/reporters'",
    'node:http in a wrapper': "libs/openid-provider/src/protocol-endpoint.ts: import 'node:http'",
    'node:http where others are asked':
      "libs/openid-provider/src/authorization-request/fetch-request-object.ts: import 'node:http'",
    "node:http's types in what the host calls":
      "libs/openid-provider/src/sessions/a.ts: import type { IncomingMessage } from 'node:http'",
    'a development dependency in a test': "libs/protocol/src/a.test.ts: import 'fast-check'",
    'a development dependency for tests': "libs/protocol/test-support/a.ts: import 'fast-check'",
    'what only a comment or a string names': 'libs/protocol/src/a.ts: const s = "from \'nowhere\'"',
  }
  for (const [name, file] of Object.entries(allowed))
    it(`allow ${name}`, (t) => {
      assert.deepEqual(findViolations(createWorkspace(t, { ...manifests, ...split(file) })), [])
    })

  const refused: Readonly<Record<string, string>> = {
    'an undeclared package': "libs/protocol/src/a.ts: import { x } from 'jose'",
    'a development dependency outside tests': "libs/protocol/src/a.ts: import 'fast-check'",
    'an undeclared package in import()': "libs/protocol/src/a.ts: const x = await import(\n'jose')",
    'an undeclared package over lines': "libs/protocol/src/a.ts: import {\n  x,\n} from 'jose'",
    'an undeclared package re-exported': "libs/protocol/src/a.ts: export * from 'jose'",
    'the type of an undeclared package': "libs/protocol/src/a.ts: import type { X } from 'jose'",
    'an app from an app': "apps/worker/src/a.ts: import { x } from '@basics/web'",
    'the client side from the server':
      "libs/openid-provider/src/a.ts: import '@basics/relying-party'",
    'the server side from a client':
      "libs/relying-party/src/a.ts: import '@basics/openid-provider'",
    'the chrome from a library': "libs/openid-provider/src/a.ts: import '@basics/sample-kit'",
    'a library from the chrome': "libs/sample-kit/src/a.ts: import '@basics/protocol'",
    'the tests from the tools': "tools/src/a.ts: import '@basics/e2e'",
    'a layer above': "libs/protocol/src/a.ts: import '@basics/sample-kit'",
    'a file of another project': "apps/web/src/a.ts: import '../../../libs/protocol/src/scope.ts'",
    'a file without .ts': "apps/web/src/a.ts: import './b.js'",
    'tokens from a grant': "libs/openid-provider/src/grants/a.ts: import '../tokens/b.ts'",
    'node:http in an endpoint': "libs/openid-provider/src/endpoints/a.ts: import 'node:http'",
    "node:http's types in an endpoint":
      "libs/openid-provider/src/endpoints/a.ts: import type { IncomingMessage } from 'node:http'",
    'node:http itself in what the host calls':
      "libs/openid-provider/src/sessions/a.ts: import { createServer } from 'node:http'",
    'node:http loaded for a type in what the host calls':
      "libs/openid-provider/src/sessions/a.ts: import { type IncomingMessage } from 'node:http'",
    'node:http under the name of type in what the host calls':
      "libs/openid-provider/src/sessions/a.ts: import type from 'node:http'",
  }
  for (const [name, file] of Object.entries(refused))
    it(`refuse ${name}`, (t) => {
      const violations = findViolations(createWorkspace(t, { ...manifests, ...split(file) }))
      assert.equal(violations.length, 1, violations.join('\n'))
    })

  it('refuse a test target without a test, which would succeed', (t) => {
    const root = createWorkspace(t, {
      'libs/protocol/package.json': manifest('protocol', 'protocol', [], { test: {} }),
    })
    assert.deepEqual(findViolations(root), ['libs/protocol: has the target test, and no test'])
  })

  it('refuse what is declared and not imported', (t) => {
    const root = createWorkspace(t, {
      'apps/web/package.json': JSON.stringify({
        name: '@basics/web',
        nx: { name: 'web', targets: {} },
        dependencies: { '@basics/protocol': '*', express: '*', jose: '*', eta: '*', axe: '*' },
        devDependencies: { '@types/express': '*', '@types/eta': '*', 'fast-check': '*' },
      }),
      'apps/web/src/main.ts': "import '@basics/protocol'\nimport type { X } from 'express'\n",
      'apps/web/src/axe.ts': "const axe = import.meta.resolve('axe')\n",
      'apps/web/src/main.test.ts': "import 'fast-check/some-part'\n// import 'eta'\n",
    })

    assert.deepEqual(findUnusedDependencies(root), [
      'apps/web/package.json declares jose: no file imports it',
      'apps/web/package.json declares eta: no file imports it',
      'apps/web/package.json declares @types/eta: no file imports it',
    ])
  })
})

function manifest(
  name: string,
  layer: string | undefined,
  dependencies: string[],
  targets: object = {},
): string {
  const own = dependencies.map((each) =>
    /^(express|openid-client)$/.test(each) ? each : `@basics/${each}`,
  )
  return JSON.stringify({
    name: `@basics/${name}`,
    description: 'A project.',
    nx: { name, tags: layer === undefined ? [] : [`layer:${layer}`], targets },
    dependencies: Object.fromEntries(own.map((each) => [each, '*'])),
    devDependencies: { 'fast-check': '*' },
  })
}

/** "path: content" → { path: content } */
function split(file: string): Record<string, string> {
  const [path = '', ...content] = file.split(': ')
  return { [path]: content.join(': ') }
}

/** A workspace of the given files in a folder of its own, for one test. */
function createWorkspace(t: TestContext, files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'boundaries-'))
  t.after(() => rmSync(root, { recursive: true }))
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), content)
  }
  return root + sep
}
