import type { Environment, Program } from './program.ts'
import { test as base } from './test.ts'

export { expect } from './test.ts'

/** Servers that the test has for itself, to record, to stop, or to leave in a state that spoils others. */
export interface OwnServers {
  readonly identityServer: string
  readonly simpleApi: string
  readonly mvcBasic: string
  /** Starts an app and waits until it listens. Started again it finds what it had stored. */
  start(app: string): Promise<Program>
}

/** The {@link base} test, for scenarios in a browser. */
export const test = base.extend<{ ownServers: OwnServers }>({
  ownServers: async ({ freshEnvironment, startApp }, use) => {
    await use({
      identityServer: readUrl(freshEnvironment, 'IDENTITY_SERVER'),
      simpleApi: readUrl(freshEnvironment, 'SIMPLE_API'),
      mvcBasic: readUrl(freshEnvironment, 'MVC_BASIC'),
      async start(app) {
        const program = startApp(app, freshEnvironment)
        await program.printed(/listens on/)
        return program
      },
    })
  },
})

function readUrl(environment: Environment, server: string): string {
  return environment[`${server}_URL`] ?? ''
}
