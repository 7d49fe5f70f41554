import { readFile, rm } from 'node:fs/promises'

import { test as base } from '@playwright/test'

import { createFreshEnvironment, type FreshEnvironment } from './fresh-environment.ts'
import { type Environment, type Program, report, startApp, startProgram } from './program.ts'
import { serversLog } from './start-workspace.ts'

export { expect } from '@playwright/test'

interface Fixtures {
  /** {@link startProgram}: what still runs at the end of the test is stopped. */
  readonly startProgram: typeof startProgram
  /** {@link startApp}: what still runs at the end of the test is stopped. */
  readonly startApp: typeof startApp
  /** Starts an app and waits for its end. */
  readonly runApp: (app: string, environment?: Environment) => Promise<EndedProgram>
  /** For servers of the test's own: ports and a data folder that nobody else uses. */
  readonly freshEnvironment: FreshEnvironment
  readonly programs: Program[]
  readonly serversLog: undefined
}

type EndedProgram = Pick<Program, 'stdout' | 'stderr' | 'exchanges'> & { exitCode: number | null }

/** Playwright's test, with the programs of the workspace at hand. */
export const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads a fixture's needs from the pattern
  programs: async ({}, use, testInfo) => {
    const programs: Program[] = []
    await use(programs)
    await Promise.all(programs.map((program) => program.stop()))
    if (testInfo.status === testInfo.expectedStatus) return
    for (const program of programs) await testInfo.attach('program', { body: report(program) })
  },

  startProgram: async ({ programs }, use) => {
    await use((...parameters) => keep(programs, startProgram(...parameters)))
  },

  startApp: async ({ programs }, use) => {
    await use((...parameters) => keep(programs, startApp(...parameters)))
  },

  runApp: async ({ startApp }, use) => {
    await use(async (app, environment) => {
      const program = startApp(app, environment)
      const exitCode = await program.exited
      return { ...program, exitCode }
    })
  },

  page: async ({ page }, use, testInfo) => {
    await use(page)
    if (testInfo.status === testInfo.expectedStatus || page.isClosed()) return
    await testInfo.attach('the page', { body: await page.screenshot(), contentType: 'image/png' })
  },

  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads a fixture's needs from the pattern
  freshEnvironment: async ({}, use) => {
    const environment = await createFreshEnvironment()
    await use(environment)
    await rm(environment.DATA_DIR, { recursive: true, force: true })
  },

  serversLog: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads a fixture's needs from the pattern
    async ({}, use, testInfo) => {
      const before = (await readFile(serversLog, 'utf8')).length
      await use(undefined)
      if (testInfo.status === testInfo.expectedStatus) return
      const during = (await readFile(serversLog, 'utf8')).slice(before)
      await testInfo.attach('what the servers printed meanwhile', { body: during })
    },
    { auto: true },
  ],
})

function keep(programs: Program[], program: Program): Program {
  programs.push(program)
  return program
}
