import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'

import { measure } from './measure.ts'
import { MeasuredServer } from './measured-server.ts'
import { operations } from './operations.ts'
import { programs } from './programs.ts'
import { createRunFolder } from './run-folder.ts'
import { sessionOperations } from './session-operations.ts'

const { memory, 'oidc-provider': other, limit } = programs

describe('operations', () => {
  const servers: [string, MeasuredServer][] = []
  let removeRunFolder: () => Promise<void>
  before(async () => {
    removeRunFolder = await createRunFolder()
    const wanted = Object.entries({ memory, 'oidc-provider': other, limit })
    servers.push(
      ...(await Promise.all(
        wanted.map(
          async ([name, options]): Promise<[string, MeasuredServer]> => [
            name,
            await MeasuredServer.start(options, name),
          ],
        ),
      )),
    )
  })
  after(async () => {
    await Promise.all(servers.map(([, server]) => server.stop()))
    await removeRunFolder()
  })

  for (const [name, operation] of Object.entries(operations))
    it(`are answered as they should be: ${name}`, async () => {
      const able = servers.filter(([server]) => server !== 'limit' || operation.hasLimit)

      const measured = await measure({ ...operation, count: 1, warmUp: 1 }, able, 1)

      assert.equal(measured.size, able.length)
    })

  it('are answered as they should be in one session', async () => {
    const ours = servers.slice(0, 1)
    const { operations: ofSession, openSession } = sessionOperations()
    for (const [, { url }] of ours) await openSession(url)

    for (const operation of ofSession) await measure({ ...operation, count: 1, warmUp: 1 }, ours, 1)
  })
})
