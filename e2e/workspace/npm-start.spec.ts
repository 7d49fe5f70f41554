import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import { urls } from '@basics/sample-kit'
import type { APIRequestContext } from '@playwright/test'

import { type FreshEnvironment, isFree } from '../support/fresh-environment.ts'
import { findProcesses } from '../support/processes.ts'
import type { Program } from '../support/program.ts'
import { expect, test } from '../support/test.ts'

const start = ['tools/src/start.ts']

for (const [signal, options, is] of [
  ['SIGINT', [], 'watches'],
  ['SIGTERM', ['--no-inspect', '--without', 'mvc-basic'], 'does not watch'],
] as const)
  test(`npm start ${options.join(' ')} announces every server, ${is} them, and ${signal} frees the ports`, async ({
    request,
    startProgram,
    freshEnvironment,
  }) => {
    const { IDENTITY_SERVER_URL = '', SIMPLE_API_URL = '', DATA_DIR } = freshEnvironment
    const { MVC_BASIC_URL = '' } = freshEnvironment
    // As a shell may hold them for another program.
    const shell = { PORT: new URL(SIMPLE_API_URL).port, HOST: 'build-machine.invalid' }
    const workspace = startProgram([...start, ...options], { ...freshEnvironment, ...shell })
    await workspace.printed(/Ctrl-C stops them all/)

    expect(await isWatched(workspace, freshEnvironment)).toBe(is === 'watches')
    if (is === 'watches')
      // The two APIs ask for metadata and keys: the first that a reader sees is no failure.
      await expect.poll(() => readStatuses(request, freshEnvironment)).toEqual([200, 200, 200, 200])

    const isLeftOut = options.some((option) => option === 'mvc-basic')
    expect(await isFree(Number(new URL(MVC_BASIC_URL).port))).toBe(isLeftOut)
    expect(workspace.stdout.includes(MVC_BASIC_URL)).toBe(!isLeftOut)
    for (const url of [IDENTITY_SERVER_URL, SIMPLE_API_URL]) {
      expect(workspace.stdout).toMatch(new RegExp(`^  [\\w-]+ +${url}  \\S.*\\.$`, 'm'))
      expect((await fetch(`${url}/health`)).status).toBe(200)
    }
    expect(workspace.stdout).toContain('npx nx serve client-credentials')

    expect(await workspace.stop(signal), 'stopped, not killed').toBe(0)
    for (const url of [IDENTITY_SERVER_URL, SIMPLE_API_URL])
      expect(await isFree(Number(new URL(url).port)), url).toBe(true)
    expect(findProcesses(DATA_DIR)).toEqual([])
  })

test('npm start in production watches nothing, and stops them all when one dies', async ({
  startProgram,
  freshEnvironment,
}) => {
  test.skip(process.platform !== 'linux', 'the process of a server can be found on Linux alone')
  const { SIMPLE_API_URL = '', DATA_DIR } = freshEnvironment
  const workspace = startProgram(start, { ...freshEnvironment, NODE_ENV: 'production' })
  await workspace.printed(/Ctrl-C stops them all/)

  expect(await isWatched(workspace, freshEnvironment)).toBe(false)
  const victim = findProcesses(DATA_DIR).find(({ command }) => command.includes('resource-api'))
  process.kill(victim?.pid ?? Number.NaN, 'SIGKILL')

  expect(await workspace.exited).toBe(1)
  expect(workspace.stderr).toMatch(/^resource-api stopped \(SIGKILL\)/m)
  expect(await isFree(Number(new URL(SIMPLE_API_URL).port))).toBe(true)
  expect(findProcesses(DATA_DIR)).toEqual([])
})

test('npm start ends with the npm that runs it, though a shell stands between', async ({
  startProgram,
  freshEnvironment,
}) => {
  test.skip(process.platform === 'win32', 'Windows has no signal that asks a process to stop')
  const { IDENTITY_SERVER_URL = '', DATA_DIR } = freshEnvironment
  const { npm_execpath: npm = '' } = process.env
  const workspace = startProgram([npm, 'start', '--', '--no-inspect'], freshEnvironment)
  await workspace.printed(/Ctrl-C stops them all/)

  // Resolves when nobody is left who could print something.
  await workspace.stop('SIGTERM')

  expect(await isFree(Number(new URL(IDENTITY_SERVER_URL).port))).toBe(true)
  expect(findProcesses(DATA_DIR)).toEqual([])
})

test('npm start refuses to run twice', async ({ startProgram }) => {
  // The servers of all these tests were started so.
  const { NX_WORKSPACE_DATA_DIRECTORY = '' } = process.env
  const second = startProgram(start, { NX_WORKSPACE_DATA_DIRECTORY })

  expect(await second.exited).toBe(1)
  expect(second.stderr).toMatch(/^already running in this workspace: identity-server, [^\n]*\n$/)
  expect((await fetch(`${urls.simpleApi}/health`)).status).toBe(200)
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

/** Whether the inspector is announced, and runs. */
async function isWatched(
  { stdout }: Program,
  { INSPECTOR_URL = '' }: FreshEnvironment,
): Promise<boolean> {
  const isRunning = !(await isFree(Number(new URL(INSPECTOR_URL).port)))
  expect(stdout.includes('inspector')).toBe(isRunning)
  return isRunning
}

/** Of the answers that were recorded, in their order; 0 where none came. */
async function readStatuses(
  request: APIRequestContext,
  { INSPECTOR_URL }: FreshEnvironment,
): Promise<number[]> {
  const headers = { 'Sec-Fetch-Site': 'same-origin' }
  const response = await request.get(`${INSPECTOR_URL}/export.har`, { headers })
  const { log } = (await response.json()) as Har
  return log.entries.map((entry) => entry.response.status)
}

interface Har {
  readonly log: { readonly entries: readonly { readonly response: { readonly status: number } }[] }
}
