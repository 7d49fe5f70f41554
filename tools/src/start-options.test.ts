import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { readProjects, workspaceRoot } from './projects.ts'
import { readStartOptions } from './start-options.ts'

const apps = readProjects(workspaceRoot).filter(({ kind }) => kind !== undefined)

function read(args: readonly string[], environment = {}) {
  const { isWatched, servers } = readStartOptions(args, apps, environment)
  return { isWatched, names: servers.map(({ name }) => name) }
}

describe('options of npm start', () => {
  const all = read([])

  it('are none for every server, watched', () => {
    assert.ok(all.isWatched)
    for (const name of ['identity-server', 'simple-api', 'mvc-basic', 'inspector'])
      assert.ok(all.names.includes(name), name)
    assert.ok(!all.names.includes('client-credentials'), 'a program is not run')
  })

  it('leave out what is named, once or more often', () => {
    const without = (...left: string[]) => all.names.filter((name) => !left.includes(name))

    assert.deepEqual(read(['--without', 'mvc-basic']).names, without('mvc-basic'))
    assert.deepEqual(
      read(['--without', 'mvc-basic', '--without=mvc-par']).names,
      without('mvc-basic', 'mvc-par'),
    )
  })

  for (const [name, args, environment] of [
    ['--no-inspect', ['--no-inspect'], {}],
    ['--without inspector', ['--without', 'inspector'], {}],
    ['NODE_ENV=production', [], { NODE_ENV: 'production' }],
  ] as const)
    it(`watch nothing with ${name}`, () => {
      const names = all.names.filter((server) => server !== 'inspector')
      assert.deepEqual(read(args, environment), { isWatched: false, names })
    })

  for (const [args, complaint] of [
    [['--without', 'mvc-basik'], /^--without mvc-basik: .* It runs identity-server, .*mvc-basic,/],
    [['--without', 'client-credentials'], /^--without client-credentials: .*no such server/],
    [['--without'], /--without/],
    [['--no-inspekt'], /--no-inspekt/],
    [['mvc-basic'], /mvc-basic/],
  ] as const)
    it(`are refused: ${args.join(' ')}`, () => {
      assert.throws(
        () => read(args),
        (error) => error instanceof Error && complaint.test(error.message),
      )
    })
})
