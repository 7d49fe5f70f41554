import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import { isFree } from '../support/fresh-environment.ts'
import { findProcesses } from '../support/processes.ts'
import { expect, test } from '../support/test.ts'

const start = ['tools/src/start.ts']

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  test(`npm start announces every server, and ${signal} frees the ports`, async ({
    startProgram,
    freshEnvironment,
  }) => {
    const { IDENTITY_SERVER_URL = '', SIMPLE_API_URL = '', DATA_DIR } = freshEnvironment
    const workspace = startProgram(start, freshEnvironment)
    await workspace.printed(/Ctrl-C stops them all/)

    for (const url of [IDENTITY_SERVER_URL, SIMPLE_API_URL]) {
      expect(workspace.stdout).toMatch(new RegExp(`^  [\\w-]+ +${url}  \\S.*\\.$`, 'm'))
      expect((await fetch(`${url}/health`)).status).toBe(200)
    }
    expect(workspace.stdout).toContain('npx node apps/client-credentials/src/main.ts')

    const asked = performance.now()
    expect(await workspace.stop(signal)).toBe(0)
    expect(performance.now() - asked, 'stopped by themselves, not killed after 5 s').toBeLessThan(
      4_000,
    )
    for (const url of [IDENTITY_SERVER_URL, SIMPLE_API_URL])
      expect(await isFree(Number(new URL(url).port)), url).toBe(true)
    expect(findProcesses(DATA_DIR)).toEqual([])
  })

test('npm start stops them all when one cannot start, and names it', async ({
  startProgram,
  freshEnvironment,
}) => {
  const stranger = createServer((_request, response) => response.end('{"status":"ok"}'))
  await new Promise<void>((listening) => stranger.listen(0, '127.0.0.1', listening))
  const { port } = stranger.address() as AddressInfo
  try {
    const workspace = startProgram(start, {
      ...freshEnvironment,
      SIMPLE_API_URL: `http://localhost:${port}`,
    })

    expect(await workspace.exited).toBe(1)
    expect(workspace.stderr).toMatch(/^simple-api stopped \(exit code 1\)/m)
    expect(workspace.stderr).toContain(`port ${port}`)
    expect(findProcesses(freshEnvironment.DATA_DIR)).toEqual([])
  } finally {
    stranger.close()
  }
})
