import { fileURLToPath } from 'node:url'

import { urls } from '@basics/sample-kit'

import { isFree } from '../support/fresh-environment.ts'
import { findProcesses } from '../support/processes.ts'
import { expect, test } from '../support/test.ts'

const serveScenario = [
  fileURLToPath(import.meta.resolve('nx/bin/nx.js')),
  'serve',
  'client-credentials',
]

test('nx serve runs a console scenario with what it needs, and leaves nothing behind', async ({
  startProgram,
  freshEnvironment,
}) => {
  const { IDENTITY_SERVER_URL = '', SIMPLE_API_URL = '', DATA_DIR } = freshEnvironment
  const serve = startProgram(serveScenario, freshEnvironment)

  expect(await serve.exited).toBe(0)
  expect(serve.stdout).toContain('Service claims:')
  for (const url of [IDENTITY_SERVER_URL, SIMPLE_API_URL])
    expect(await isFree(Number(new URL(url).port)), url).toBe(true)
  expect(findProcesses(DATA_DIR)).toEqual([])
})

test('nx serve uses the servers of npm start and leaves them running', async ({ startProgram }) => {
  // The servers of all these tests were started so.
  const { NX_WORKSPACE_DATA_DIRECTORY = '' } = process.env
  const findServers = () =>
    findProcesses(NX_WORKSPACE_DATA_DIRECTORY).filter(({ command }) => command.endsWith('main.ts'))
  const serversBefore = findServers()

  const serve = startProgram(serveScenario, { NX_WORKSPACE_DATA_DIRECTORY })

  expect(await serve.exited).toBe(0)
  expect(serve.stdout).toContain('Service claims:')
  for (const url of [urls.identityServer, urls.simpleApi])
    expect((await fetch(`${url}/health`)).status).toBe(200)
  expect(findServers()).toEqual(serversBefore)
})

test('nx serve ends with the exit code of the scenario', async ({
  startProgram,
  freshEnvironment,
}) => {
  const serve = startProgram(serveScenario, {
    ...freshEnvironment,
    CLIENT_SECRET: 'wrong',
  })

  expect(await serve.exited).toBe(1)
  expect(serve.stdout).toContain('invalid_client')
  expect(findProcesses(freshEnvironment.DATA_DIR)).toEqual([])
})

test('nx serve -c inspect watches the scenario and the servers it starts', async ({
  startProgram,
  freshEnvironment,
}) => {
  const inspector = startProgram(['apps/inspector/src/main.ts'], freshEnvironment)
  await inspector.printed(/listens on/)

  const serve = startProgram([...serveScenario, '-c', 'inspect'], freshEnvironment)
  expect(await serve.exited).toBe(0)

  const response = await fetch(`${freshEnvironment.INSPECTOR_URL}/export.mmd`, {
    headers: { 'Sec-Fetch-Site': 'same-origin' },
  })
  const diagram = await response.text()
  for (const name of ['client-credentials', 'identity-server', 'simple-api'])
    expect(diagram).toContain(` as ${name}\n`)
  expect(diagram).not.toContain('another program')
})
