import { type Scenario, type Server, scenarios, servers, urls } from '@basics/sample-kit'
import type { RequestHandler } from 'express'

import type { TestUser } from './page-context.ts'
import { checkRunning } from './running.ts'
import { sendPage } from './send-page.ts'
import type { FindViewer } from './viewer.ts'

export interface HomePageOptions {
  /** The issuer as it stands in tokens: the links to its documents start with it. */
  readonly issuer: string
  /** Shown with their passwords: pass test users only. Without any the page does not mention them. */
  readonly users: readonly TestUser[]
  readonly findViewer: FindViewer
  /** Where the inspector is, if it runs. Without an address none is looked for. */
  readonly inspector?: string
  /** Milliseconds. */
  readonly now?: () => number
}

/**
 * The token service's home: what can be tried here and how, and whether it is running right now.
 *
 * @see {@link https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfig OIDC Discovery §4}
 */
export function homePage({
  issuer,
  users,
  findViewer,
  inspector,
  now,
}: HomePageOptions): RequestHandler {
  const isRunning = checkRunning(now)

  return async (req, res) => {
    const [running, isWatched] = await Promise.all([
      readRunning(isRunning),
      inspector !== undefined && isRunning(inspector),
    ])
    const viewer = await findViewer(req)
    sendPage(req, res, {
      title: 'Home',
      template: new URL('./home.eta', import.meta.url),
      viewer,
      model: {
        name: viewer?.name,
        documents: readDocuments(issuer),
        inspector: isWatched ? inspector : undefined,
        scenarios: scenarios.map((scenario) => ({
          ...scenario,
          isRunning: isScenarioRunning(scenario, running),
          missing: scenario.servers.filter((name) => !running.has(name)),
        })),
        apis: servers
          .filter(({ name }) => name !== 'identity-server')
          .map((api) => ({ ...api, isRunning: running.has(api.name) })),
        users,
      },
    })
  }
}

/** The names of the servers and web scenarios that answer; all are asked at once. */
async function readRunning(
  isRunning: (url: string) => Promise<boolean>,
): Promise<ReadonlySet<string>> {
  const asked = [...servers, ...scenarios].filter(hasUrl)
  const answers = await Promise.all(
    // This page is the proof that its own server runs, also where its public URL leads elsewhere.
    asked.map(({ url }) => url === urls.identityServer || isRunning(url)),
  )
  return new Set(asked.filter((_, index) => answers[index]).map(({ name }) => name))
}

function hasUrl<T extends Server | Scenario>(entry: T): entry is T & { readonly url: string } {
  return entry.url !== undefined
}

/** A web scenario answers by itself. A program can run when everything it talks to does. */
function isScenarioRunning(scenario: Scenario, running: ReadonlySet<string>): boolean {
  return scenario.kind === 'web'
    ? running.has(scenario.name)
    : scenario.servers.every((name) => running.has(name))
}

function readDocuments(issuer: string) {
  const base = issuer.replace(/\/$/, '')
  return {
    discovery: `${base}/.well-known/openid-configuration`,
    jwks: `${base}/.well-known/openid-configuration/jwks`,
  }
}
