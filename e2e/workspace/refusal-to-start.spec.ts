import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { urls } from '@basics/sample-kit'

import { expect, test } from '../support/test.ts'

const sentence = /^(?! )[^\n]+\n$/

test('a server whose port is taken says so and ends', async ({ runApp, freshEnvironment }) => {
  const { exitCode, stderr } = await runApp('simple-api', {
    ...freshEnvironment,
    SIMPLE_API_URL: urls.simpleApi,
  })

  expect(exitCode).toBe(1)
  expect(stderr).toMatch(sentence)
  expect(stderr).toContain(`port ${new URL(urls.simpleApi).port}`)
  expect(stderr).toContain('SIMPLE_API_URL')
})

test('a token service that cannot use its data folder says so and ends', async ({
  runApp,
  freshEnvironment,
}) => {
  // A file in the folder's place, since permissions do not hold back the superuser.
  const DATA_DIR = join(freshEnvironment.DATA_DIR, 'file')
  await writeFile(DATA_DIR, '')
  const { exitCode, stderr } = await runApp('identity-server', { ...freshEnvironment, DATA_DIR })

  expect(exitCode).toBe(1)
  expect(stderr).toMatch(sentence)
  expect(stderr).toContain(DATA_DIR)
})

for (const app of ['identity-server', 'simple-api', 'client-credentials'])
  test(`${app} ends with a sentence for a URL that is none`, async ({ runApp }) => {
    const { exitCode, stderr } = await runApp(app, { SIMPLE_API_URL: 'localhost:5002' })

    expect(exitCode).toBe(1)
    expect(stderr).toMatch(sentence)
    expect(stderr).toContain('SIMPLE_API_URL is "localhost:5002"')
  })
