import assert from 'node:assert/strict'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { describe, it, type TestContext } from 'node:test'

import { startProgram } from '../test-support/run-program.ts'
import { whenOrphaned } from './when-orphaned.ts'

const child = `
  const { whenOrphaned } = await import('./src/when-orphaned.ts')
  whenOrphaned(() => { console.log('orphaned'); clearInterval(work) })
  const work = setInterval(() => {}, 1000)
  console.log('ready')`

/** What starts the child, as npm's shell does. */
const shell = `
  const { spawn } = await import('node:child_process')
  spawn(process.execPath, ['--input-type=module', '--eval', ${JSON.stringify(child)}], { stdio: 'inherit' })`

/** Looks once at a parent, of which the system says what `kill` throws. */
function look(t: TestContext, kill: () => true): number {
  t.mock.timers.enable({ apis: ['setInterval'] })
  t.mock.method(process, 'kill', kill)
  const stop = t.mock.fn()
  whenOrphaned(stop)
  t.mock.timers.tick(500)
  t.mock.timers.tick(500)
  return stop.mock.callCount()
}

function failWith(code: string) {
  return () => {
    throw Object.assign(new Error(code), { code })
  }
}

describe('whenOrphaned', () => {
  it('is called when what has started the process dies, and holds nothing up then', async (t) => {
    const program = startProgram(t, shell, { npm_lifecycle_event: 'start' })
    await once(program.stdout, 'data')

    program.kill('SIGKILL')

    assert.equal(await text(program.stdout), 'orphaned\n')
  })

  it('is called once when the parent keeps its number, and is not there', (t) => {
    withNpm(t, 'start')

    assert.equal(look(t, failWith('ESRCH')), 1)
  })

  for (const [what, kill] of [
    ['lives', () => true],
    ['is of another user', failWith('EPERM')],
  ] satisfies [string, () => true][])
    it(`is not called while the parent ${what}`, (t) => {
      withNpm(t, 'start')

      assert.equal(look(t, kill), 0)
    })

  it('is not called without npm', (t) => {
    withNpm(t, undefined)

    assert.equal(look(t, failWith('ESRCH')), 0)
  })
})

function withNpm(t: TestContext, event: string | undefined): void {
  const { npm_lifecycle_event: before } = process.env
  const set = (value: string | undefined) => {
    if (value === undefined) delete process.env.npm_lifecycle_event
    else process.env.npm_lifecycle_event = value
  }
  set(event)
  t.after(() => set(before))
}
