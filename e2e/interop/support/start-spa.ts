import type { TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { type Client, GrantTypes } from '@basics/openid-provider'
import type { Browser, Page } from '@playwright/test'
import express from 'express'
import type { UserManager, UserManagerSettings } from 'oidc-client-ts'

import { listening } from './listening.ts'
import { startTokenService } from './start-token-service.ts'

declare global {
  /** In the application's pages. */
  var manager: UserManager
}

/** The build for script tags, beside the one that Node finds. */
const library = fileURLToPath(
  new URL('../browser/oidc-client-ts.min.js', import.meta.resolve('oidc-client-ts')),
)

/**
 * A single-page application that has nothing but oidc-client-ts, and a browser that shows it.
 *
 * @param special What is special about its settings.
 */
export async function startSpa(
  t: TestContext,
  browser: Browser,
  special: Pick<UserManagerSettings, 'scope' | 'monitorSession'>,
) {
  const { server, url } = await listening(t)
  const client: Client = {
    clientId: 'spa',
    requireClientSecret: false,
    allowedGrantTypes: GrantTypes.code,
    allowedScopes: ['openid', 'profile', 'scope1'],
    allowOfflineAccess: true,
    allowedCorsOrigins: [url],
    redirectUris: [`${url}/callback`, `${url}/silent`],
    postLogoutRedirectUris: [`${url}/`],
  }
  const issuer = await startTokenService(t, [client])
  const settings: UserManagerSettings = {
    authority: issuer,
    client_id: 'spa',
    redirect_uri: `${url}/callback`,
    silent_redirect_uri: `${url}/silent`,
    post_logout_redirect_uri: `${url}/`,
    loadUserInfo: true,
    automaticSilentRenew: false,
    checkSessionIntervalInSeconds: 0.1,
    ...special,
  }

  const app = express()
  app.get('/oidc-client-ts.js', (_req, res) => res.sendFile(library))
  app.get(['/', '/callback'], (_req, res) => void res.send(createPage(settings)))
  app.get('/silent', (_req, res) => {
    res.send(createPage(settings, 'manager.signinSilentCallback()'))
  })
  server.on('request', app)

  const context = await browser.newContext()
  t.after(() => context.close())
  const page = await context.newPage()
  await page.goto(url)
  return {
    page,
    issuer,
    signIn: () => signIn(page, url),
    signOut: () => signOut(page, url),
    async signOutElsewhere() {
      await (await context.newPage()).goto(`${issuer}/account/logout`)
    },
  }
}

function createPage(settings: UserManagerSettings, script = ''): string {
  return `<!doctype html>
<title>SPA</title>
<script src="/oidc-client-ts.js"></script>
<script>
  var manager = new oidc.UserManager(${JSON.stringify(settings)})
  ${script}
</script>`
}

/** @returns the user as oidc-client-ts has read them */
async function signIn(page: Page, url: string) {
  // The page is gone before the promise would be fulfilled.
  await page.evaluate(() => void manager.signinRedirect())
  await page.waitForURL(`${url}/callback?*`)
  return page.evaluate(async () => {
    const user = await manager.signinCallback()
    // What is left behind in the address would be tried again by a reload.
    history.replaceState({}, '', '/')
    return user
  })
}

async function signOut(page: Page, url: string): Promise<void> {
  await page.evaluate(() => void manager.signoutRedirect({ state: 'bye' }))
  await page.waitForURL(`${url}/?state=*`)
}
