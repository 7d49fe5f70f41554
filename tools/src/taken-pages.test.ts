import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { type Project, readProjects, workspaceRoot } from './projects.ts'
import { createAppReadme, describeStart } from './taken-pages.ts'

const projects = readProjects(workspaceRoot)

function find(name: string): Project {
  const project = projects.find((candidate) => candidate.name === name)
  assert.ok(project)
  return project
}

const readme = `# mine

| variable | default |
|---|---|
| \`ISSUER\` | as [there](../there/README.md) |

| other | table |
`

function create(name: string, hasKey = false): string {
  return createAppReadme(find(name), [find('protocol')], { readme, hasKey })
}

describe('README of an app that was taken', () => {
  it('has its sentence, its variables without links, and what came with it', () => {
    const page = create('mvc-basic')
    const { description } = find('mvc-basic')

    assert.ok(page.startsWith(`# mvc-basic\n\n${description}\n`))
    assert.ok(page.includes('| variable | default |\n|---|---|\n| `ISSUER` | as there |\n\n'))
    assert.ok(page.includes(`| [libs/protocol](libs/protocol) | ${find('protocol').description} |`))
    assert.doesNotMatch(page, /other \| table|npx nx/)
  })

  it('names the command for what sends it signals', () => {
    assert.match(
      create('mvc-basic'),
      /service manager .* run `node apps\/mvc-basic\/src\/main\.ts`/,
    )
  })

  it('says who it talks to, and how to start them without it', () => {
    assert.match(
      create('mvc-basic'),
      /talks to identity-server and simple-api: [^`]*`npm start -- --without mvc-basic`/,
    )
    assert.match(create('client-credentials'), /talks to [^`]*`npm start` starts there/)
  })

  it('says nothing of others when it needs none', () => {
    assert.doesNotMatch(create('identity-server'), /talks to|undefined/)
  })

  it('tells an app with a key where the token service looks for it', () => {
    assert.ok(create('mvc-jar-jwt', true).includes('`DATA_DIR="<samples>/data" npm start`'))
    assert.doesNotMatch(create('mvc-basic'), /<samples>/)
  })
})

describe('commands for an app that was taken', () => {
  it('have the samples without what listens on the same port', () => {
    assert.deepEqual(describeStart(find('mvc-par'), '/samples/', false), {
      here: 'npm start -- --without mvc-par',
      there: 'npm start',
    })
  })

  it('have all samples beside a program, and their data folder where there is a key', () => {
    assert.deepEqual(describeStart(find('jwt-client-authentication'), '/my samples/', true), {
      here: 'npm start',
      there: 'DATA_DIR="/my samples/data" npm start',
    })
  })
})
