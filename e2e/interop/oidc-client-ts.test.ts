import assert from 'node:assert/strict'
import { after, before, describe } from 'node:test'

import { type Browser, chromium } from '@playwright/test'

import { chromiumArguments, findChromium } from '../support/chromium.ts'
import { between } from './capabilities.ts'
import { startSpa } from './support/start-spa.ts'

describe('oidc-client-ts at the token service, in a browser', () => {
  let browser: Browser
  before(async () => {
    const executablePath = await findChromium()
    const args = chromiumArguments
    browser = await chromium.launch({ args, ...(executablePath && { executablePath }) })
  })
  after(() => browser.close())

  const proves = between('openid-provider', 'oidc-client-ts', import.meta.filename)

  proves(
    ['Discovery', 'Authorization code with PKCE', 'Public client', 'Userinfo'],
    'signs a user in',
    async (t) => {
      const { signIn } = await startSpa(t, browser, { scope: 'openid profile' })

      const user = await signIn()

      assert.equal(user?.profile.sub, 'alice')
      assert.equal(user?.profile.name, 'Alice Smith')
    },
  )

  proves(['Refresh tokens'], 'renews its token with a refresh token', async (t) => {
    const { page, signIn } = await startSpa(t, browser, { scope: 'openid offline_access' })
    const user = await signIn()
    const asked: string[] = []
    page.on('request', (request) => asked.push(request.postData() ?? request.url()))

    const renewed = await page.evaluate(() => manager.signinSilent())

    assert.notEqual(renewed?.access_token, user?.access_token)
    assert.notEqual(renewed?.refresh_token, user?.refresh_token)
    assert.ok(asked.some((request) => request.includes('grant_type=refresh_token')))
    assert.ok(!asked.some((request) => request.includes('prompt=none')))
  })

  proves(
    ['Sign-in without a page (prompt=none)'],
    'renews its token in a frame, until the user is signed out',
    async (t) => {
      const { page, signIn, signOut } = await startSpa(t, browser, { scope: 'openid' })
      const user = await signIn()

      const renewed = await page.evaluate(() => manager.signinSilent())
      await signOut()
      const refused = await page.evaluate(() =>
        manager.signinSilent().then(
          () => 'signed in',
          ({ error }) => error,
        ),
      )

      assert.equal(renewed?.profile.sub, 'alice')
      assert.notEqual(renewed?.access_token, user?.access_token)
      assert.equal(refused, 'login_required')
    },
  )

  proves(['Revocation'], 'gives its tokens back', async (t) => {
    const { page, issuer, signIn } = await startSpa(t, browser, { scope: 'openid offline_access' })
    const user = await signIn()
    const headers = { authorization: `Bearer ${user?.access_token}` }
    assert.equal((await fetch(`${issuer}/connect/userinfo`, { headers })).status, 200)

    const refused = await page.evaluate(async (refresh_token) => {
      // As it comes: the access token, which is a JWT, and then the refresh token.
      await manager.revokeTokens()
      const kept = await manager.getUser()
      if (kept === null) return 'no user'
      kept.refresh_token = refresh_token ?? ''
      await manager.storeUser(kept)
      return manager.signinSilent().then(
        () => 'renewed',
        ({ error }) => error,
      )
    }, user?.refresh_token)

    assert.equal(refused, 'invalid_grant')
    assert.equal((await fetch(`${issuer}/connect/userinfo`, { headers })).status, 401)
  })

  proves(['Logout by the client'], 'signs the user out', async (t) => {
    const { page, signIn, signOut } = await startSpa(t, browser, { scope: 'openid' })
    await signIn()

    await signOut()
    const answer = await page.evaluate(() => manager.signoutCallback())

    assert.equal(answer?.userState, 'bye')
    assert.equal(await page.evaluate(() => manager.getUser()), null)
  })

  proves(['Session management'], 'notices that the user has signed out elsewhere', async (t) => {
    const { page, signIn, signOutElsewhere } = await startSpa(t, browser, {
      scope: 'openid',
      monitorSession: true,
    })
    await signIn()
    const noticed = page.evaluate(
      () => new Promise((resolve) => manager.events.addUserSignedOut(() => resolve('signed out'))),
    )

    await signOutElsewhere()

    assert.equal(await noticed, 'signed out')
  })
})
