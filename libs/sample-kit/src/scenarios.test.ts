import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, it } from 'node:test'

import { scenarios, servers } from './scenarios.ts'

const apps = readApps()

describe('scenarios', () => {
  it('are the apps that exist, each with its own description', () => {
    const expected = apps.filter(({ kind }) => !['server', 'tool'].includes(kind))

    assert.deepEqual(byName(scenarios.map(pick)), byName(expected.map(pick)))
  })

  it('name the servers that Nx starts for them', () => {
    for (const { name, servers } of scenarios) {
      assert.deepEqual(servers, apps.find((app) => app.name === name)?.servers, name)
    }
  })

  it('have a known parent, and a url when they are opened in a browser', () => {
    for (const { name, kind, parent, url } of scenarios) {
      assert.ok(parent === undefined || scenarios.some((other) => other.name === parent), name)
      assert.equal(url !== undefined, kind === 'web', name)
    }
  })
})

describe('servers', () => {
  it('are the apps that exist, each with its own description', () => {
    const expected = apps.filter(({ kind }) => kind === 'server')

    assert.deepEqual(
      byName(servers.map((server) => pick({ ...server, kind: 'server' }))),
      byName(expected.map(pick)),
    )
  })
})

interface App {
  readonly name: string
  readonly sentence: string
  readonly kind: string
}

interface PackageJson {
  readonly description: string
  readonly nx: {
    readonly tags: readonly string[]
    readonly targets: {
      readonly serve: { readonly dependsOn?: readonly { readonly projects: readonly string[] }[] }
    }
  }
}

/** An app exists once it has a main.ts. */
function readApps(): (App & { readonly servers: readonly string[] })[] {
  const folder = new URL('../../../apps/', import.meta.url)
  return readdirSync(folder)
    .filter((name) => existsSync(new URL(`${name}/src/main.ts`, folder)))
    .map((name) => {
      const file = readFileSync(new URL(`${name}/package.json`, folder), 'utf8')
      const { description, nx } = JSON.parse(file) as PackageJson
      return {
        name,
        sentence: description,
        kind: nx.tags.find((tag) => tag.startsWith('kind:'))?.slice('kind:'.length) ?? '',
        servers: (nx.targets.serve.dependsOn ?? []).flatMap(({ projects }) => projects),
      }
    })
}

function pick({ name, sentence, kind }: App): App {
  return { name, sentence, kind }
}

function byName(list: readonly App[]): App[] {
  return list.toSorted((a, b) => a.name.localeCompare(b.name))
}
