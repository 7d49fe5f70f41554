import { readFile, writeFile } from 'node:fs/promises'

import { scenarios } from '@basics/sample-kit'
import type { Page } from '@playwright/test'

import { type HarEntry, readConversation } from '../support/conversation.ts'
import type { FreshEnvironment } from '../support/fresh-environment.ts'
import { startInspected } from '../support/inspected.ts'
import { openAs } from '../support/sign-in.ts'
import { expect, test } from '../support/test.ts'

/** UPDATE_TRAFFIC=1 keeps what was said, for `npm run generate` to draw, in place of comparing it. */
const isUpdate = process.env.UPDATE_TRAFFIC === '1'

/** Scenarios whose happy path is to sign in and call an API, or to run. */
const recorded = [
  'client-credentials',
  'jwt-client-authentication',
  'introspection',
  'worker-token-management',
  'mvc-basic',
  'mvc-token-management',
  'mvc-jar-jwt',
  'mvc-par',
]

for (const name of recorded)
  test(`${name}: what is said is what its README shows`, async ({
    page,
    startProgram,
    freshEnvironment,
  }) => {
    const { kind, servers = [] } = scenarios.find((each) => each.name === name) ?? {}
    const apps = [...(kind === 'web' ? [name] : []), ...servers]
    await startInspected(apps, startProgram, freshEnvironment)
    if (kind === 'web') await openAs(page, 'alice', `${urlOf(name, freshEnvironment)}/call-api`)
    else {
      const script = `apps/${name}/src/main.ts`
      const program = startProgram(
        ['--import', '@basics/inspector/record', script],
        freshEnvironment,
      )
      // A worker goes on until it is stopped: with its first call it has shown all that it does.
      if (kind === 'worker') await program.printed(/API: /).then(() => program.stop())
      expect(await program.exited).toBe(0)
    }

    const origins = Object.fromEntries(apps.map((app) => [app, urlOf(app, freshEnvironment)]))
    const entries = await readTraffic(
      page,
      freshEnvironment,
      kind === 'web' ? '/call-api' : '/identity',
    )
    const conversation = readConversation(entries, origins)
    const file = new URL(`../traffic/${name}.json`, import.meta.url)
    if (isUpdate) await writeFile(file, `${JSON.stringify(conversation, null, 2)}\n`)
    expect(conversation, 'if it is to be: UPDATE_TRAFFIC=1, then npm run generate').toEqual(
      JSON.parse(await readFile(file, 'utf8')),
    )
  })

function urlOf(app: string, environment: FreshEnvironment): string {
  const variable = `${app.replaceAll('-', '_').toUpperCase()}_URL`
  return (environment as Readonly<Record<string, string>>)[variable] ?? ''
}

/** All that was said, once the last answer is known and each exchange from both of its sides. */
async function readTraffic(
  page: Page,
  { INSPECTOR_URL = '' }: FreshEnvironment,
  lastPath: string,
): Promise<HarEntry[]> {
  let entries: HarEntry[] = []
  await expect
    .poll(async () => {
      const headers = { 'Sec-Fetch-Site': 'same-origin' }
      const response = await page.request.get(`${INSPECTOR_URL}/export.har`, { headers })
      entries = (await response.json()).log.entries
      const isLast = ({ request, response }: HarEntry) =>
        new URL(request.url).pathname === lastPath && response.status === 200
      return entries.some(isLast) && entries.every(({ _from }) => _from !== 'another program')
    })
    .toBe(true)
  return entries
}
