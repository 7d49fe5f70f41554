import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'

import { expect } from './checks.ts'
import { get } from './connection.ts'
import { type Measured, measure } from './measure.ts'
import { MeasuredServer } from './measured-server.ts'
import { type Prepare, repeated } from './requests.ts'

const operation: Measured = {
  count: 20,
  warmUp: 30,
  prepare: repeated(get('/')),
  check({ body }) {
    expect(JSON.parse(body).count > 0, body)
  },
  issued: ({ body }) => body,
}

describe('measure', () => {
  it('counts rounds after as many operations as warm a server up', async (t) => {
    const counts: number[] = []
    const prepare: Prepare = (issuer, count) => {
      counts.push(count)
      return repeated(get('/'))(issuer, count)
    }

    const measured = await measure({ ...operation, prepare }, [await startFaulty(t, 'none')], 2)

    assert.deepEqual(counts, [1, 30, 20, 20])
    const rounds = measured.get('ours') ?? []
    assert.equal(rounds.length, 2)
    for (const { cpu, rate, p99 } of rounds) assert.ok(cpu > 0 && rate > 0 && p99 > 0)
  })

  const failures = {
    wrong: /^ours: an answer is not as it should be:\n\{\}$/,
    same: /^ours: an answer is not as it should be:\nthe same again: \{"count":9\}$/,
    exit: /^ours: .+; its process ended with exit code 3$/,
  }
  for (const [fault, message] of Object.entries(failures))
    it(`ends with the name of the server when its answers are right and then: ${fault}`, async (t) => {
      const server = await startFaulty(t, fault)

      await assert.rejects(measure(operation, [server], 1), { message })
    })

  it('takes the same answer again where it may be the same', async (t) => {
    const { issued: _, ...repeatable } = operation

    await measure(repeatable, [await startFaulty(t, 'same')], 1)
  })
})

async function startFaulty(t: TestContext, BENCH_FAULT: string) {
  const options = { program: 'faulty.test-process', environment: { BENCH_FAULT }, path: '/' }
  const server = await MeasuredServer.start(options, 'ours')
  t.after(() => server.stop())
  return ['ours', server] as const
}
