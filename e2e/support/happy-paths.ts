import type { Page } from '@playwright/test'

import type { Environment, Program } from './program.ts'
import { openAs, signIn } from './sign-in.ts'

/** What a happy path is played with: every server runs, and is watched by an inspector. */
export interface Stage {
  readonly page: Page
  /** Where the scenario is, and the token service. */
  readonly url: string
  readonly identityServer: string
  /** Starts a scenario that is a program. */
  readonly start: (environment?: Environment) => Program
  /** Moves the clocks of all that runs ahead. */
  readonly advanceClocks: (seconds: number) => Promise<void>
  /** Waits until a request has been made and answered, also one that the browser does not see. */
  readonly heard: (request: string) => Promise<void>
}

type HappyPath = (stage: Stage) => Promise<void>

/** Seconds after which a token that lives for 75 is due for renewal, and far from dead. */
const due = 40

/** What each scenario is there to show, once, by the scenario's name. */
export const happyPaths: Readonly<Record<string, HappyPath>> = {
  'client-credentials': runToItsEnd,
  'jwt-client-authentication': runToItsEnd,
  introspection: runToItsEnd,

  'worker-token-management': async ({ start, advanceClocks }) => {
    // The calls in between are like the first one: the next is made with a token that is due.
    const worker = start({ WORKER_INTERVAL_SECONDS: '2' })
    await worker.printed(/API: /)
    await advanceClocks(due)
    await worker.printed(/token renewed.*API: /s)
    await worker.stop()
  },

  'mvc-basic': async (stage) => {
    await callApi(stage)
    const { page, url } = stage
    await page.goto(`${url}/refresh-token`)
    // The page tells other applications in a frame. This one, which it came from, as well.
    const told = page.waitForResponse(/\/signout-oidc\?/)
    await page.goto(`${url}/logout`)
    await told
    await page.getByRole('link', { name: 'Go there now' }).click()
    await page.waitForURL(`${url}/`)
  },

  'mvc-token-management': async (stage) => {
    await callApi(stage)
    await stage.advanceClocks(due)
    await stage.page.reload()
  },

  'mvc-jar-jwt': callApi,
  'mvc-par': callApi,

  'mvc-back-channel-logout': async ({ page, url, identityServer, heard }) => {
    await openAs(page, 'alice', `${url}/secure`)
    await page.goto(`${identityServer}/account/logout`)
    await page.getByRole('button', { name: 'Sign out' }).click()
    await heard('POST /connect/revocation')
    await page.goto(`${url}/secure`)
  },

  'mvc-hybrid': callApi,

  'spa-implicit': async ({ page, url }) => {
    await page.goto(`${url}/implicit`)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await signIn(page, 'alice')
    await callApiFromPage(page)
    await page.goto(`${url}/code`)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await callApiFromPage(page)
  },
}

async function runToItsEnd({ start }: Stage): Promise<void> {
  const exitCode = await start().exited
  if (exitCode !== 0) throw new Error(`it ended with ${exitCode}`)
}

async function callApi({ page, url }: Stage): Promise<void> {
  await openAs(page, 'alice', `${url}/call-api`)
}

async function callApiFromPage(page: Page): Promise<void> {
  const answered = page.waitForResponse(
    (response) => response.url().endsWith('/identity') && response.request().method() === 'GET',
  )
  await page.getByRole('button', { name: 'Call API' }).click()
  await answered
}
