import { readFile, writeFile } from 'node:fs/promises'

import { scenarios } from '@basics/sample-kit'

import { type HarEntry, readConversation } from '../support/conversation.ts'
import type { FreshEnvironment } from '../support/fresh-environment.ts'
import { happyPaths } from '../support/happy-paths.ts'
import { startInspected, startWatched } from '../support/inspected.ts'
import { expect, test } from '../support/test.ts'

/** UPDATE_TRAFFIC=1 keeps what was said, for `npm run generate` to draw, in place of comparing it. */
const isUpdate = process.env.UPDATE_TRAFFIC === '1'

/**
 * Asked of every app when all is done, for a page that says nothing to anybody: when that has arrived at the
 * inspector, so has what the app did before.
 */
const endMarker = '/?end-of-the-conversation'

for (const { name, kind, servers } of scenarios)
  test(`${name}: what is said is what its README shows`, async ({
    page,
    startProgram,
    freshEnvironment,
  }) => {
    const apps = [...(kind === 'web' ? [name] : []), ...servers]
    const programs = await startInspected(apps, startProgram, freshEnvironment)
    const origins = Object.fromEntries(apps.map((app) => [app, urlOf(app, freshEnvironment)]))
    const { 'identity-server': identityServer = '', [name]: url = '' } = origins

    await happyPaths[name]?.({
      page,
      url,
      identityServer,
      start: (environment) => {
        const program = startWatched(name, startProgram, { ...freshEnvironment, ...environment })
        programs.push(program)
        return program
      },
      advanceClocks: async (seconds) => {
        for (const program of programs) await program.advanceClock(seconds)
      },
      heard: async (request) => {
        const isHeard = async () =>
          (await readTraffic(freshEnvironment)).some((entry) => describe(entry) === request)
        await expect.poll(isHeard).toBe(true)
      },
    })

    for (const origin of Object.values(origins)) await fetch(origin + endMarker)
    let entries: HarEntry[] = []
    const countMarkers = async () => {
      entries = await readTraffic(freshEnvironment)
      return entries.filter(isMarker).length
    }
    await expect.poll(countMarkers).toBe(apps.length)
    // An app may have to ask others before it can answer even this.
    const end = Math.min(...entries.filter(isMarker).map(({ _started }) => _started))
    const conversation = readConversation(
      entries.filter(({ _started }) => _started < end),
      origins,
    )
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

async function readTraffic({ INSPECTOR_URL = '' }: FreshEnvironment): Promise<HarEntry[]> {
  const response = await fetch(`${INSPECTOR_URL}/export.har`, {
    headers: { 'Sec-Fetch-Site': 'same-origin' },
  })
  return (await response.json()).log.entries
}

function describe({ request }: HarEntry): string {
  return `${request.method} ${new URL(request.url).pathname}`
}

function isMarker(entry: HarEntry): boolean {
  return entry.request.url.endsWith(endMarker)
}
