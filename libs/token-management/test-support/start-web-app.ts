import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'

import { startServer } from '@basics/protocol/test-support/start-server'
import { browser } from '@basics/relying-party/test-support/browser'

import type { AccessToken } from '../src/access-token.ts'
import type { TokenEvent } from '../src/events.ts'
import type { UserTokenOptions } from '../src/user/manage-user-tokens.ts'
import { createWebApp } from './create-web-app.ts'
import { startApi } from './start-api.ts'
import { startProvider } from './start-provider.ts'

/** What the app's routes answer with, each with the members that it has. */
export interface Answer {
  readonly token: AccessToken
  readonly status: number
  readonly body: string
  readonly events: readonly TokenEvent[]
}

export function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'token-management-'))
  t.after(() => rmSync(folder, { recursive: true }))
  return folder
}

/** A web client with its provider and an API. Time passes only by `clock.seconds`. */
export async function startWebApp(t: TestContext, tokenOptions: UserTokenOptions = {}) {
  const [provider, api] = await Promise.all([startProvider(t), startApi(t)])
  const clock = { seconds: 0 }
  const logged: string[] = []
  const listener = { handle: undefined as ReturnType<typeof createWebApp>['app'] | undefined }
  const url = await startServer(t, (req, res) => listener.handle?.(req, res))
  const { app, login } = createWebApp({
    issuer: provider.issuer,
    baseUrl: url,
    api: api.baseUrl,
    dataFolder: temporaryFolder(t),
    now: () => Date.now() / 1000 + clock.seconds,
    tokenOptions,
    log: (sentence) => logged.push(sentence),
  })
  listener.handle = app
  t.after(login.close)

  /** A user who has signed in. */
  async function signIn() {
    const user = browser()
    await user.open(`${url}/session`)
    return {
      open: (path: string) => user.request(url + path),
      async ask(path: string): Promise<Answer> {
        const response = await user.request(url + path)
        if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`)
        return (await response.json()) as Answer
      },
    }
  }

  return { provider, api, clock, logged, login, signIn, url }
}
