import assert from 'node:assert/strict'
import { describe, type TestContext } from 'node:test'

import { GrantTypes, sha256, sharedSecret } from '@basics/openid-provider'
import express from 'express'
import session from 'express-session'
import { allowInsecureRequests, ClientSecretBasic, discovery } from 'openid-client'
import { Strategy, type StrategyOptions } from 'openid-client/passport'
import { Passport } from 'passport'

import { between } from './capabilities.ts'
import { HttpBrowser } from './support/http-browser.ts'
import { listening } from './support/listening.ts'
import { startTokenService } from './support/start-token-service.ts'

interface PassportSetup {
  readonly options?: Pick<StrategyOptions, 'usePAR'>
  readonly registration?: { readonly requirePushedAuthorization: boolean }
}

/** An app as passport's users write it, with our token service to sign in at. */
async function startApp(t: TestContext, { options, registration }: PassportSetup = {}) {
  const { server, url } = await listening(t)
  const issuer = await startTokenService(t, [
    {
      clientId: 'passport',
      clientSecrets: [sharedSecret(sha256('secret'))],
      allowedGrantTypes: GrantTypes.code,
      allowedScopes: ['openid', 'profile'],
      redirectUris: [`${url}/callback`],
      ...registration,
    },
  ])
  const config = await discovery(
    new URL(issuer),
    'passport',
    undefined,
    ClientSecretBasic('secret'),
    { execute: [allowInsecureRequests] },
  )

  const passport = new Passport()
  const callbackURL = `${url}/callback`
  passport.use(
    'oidc',
    new Strategy({ config, scope: 'openid profile', callbackURL, ...options }, (tokens, verified) =>
      verified(null, { sub: tokens.claims()?.sub }),
    ),
  )
  passport.serializeUser((user, done) => done(null, user))
  passport.deserializeUser((user: Express.User, done) => done(null, user))

  const app = express()
  app.use(session({ secret: 'of the test', resave: false, saveUninitialized: false }))
  app.use(passport.session())
  app.get(['/login', '/callback'], passport.authenticate('oidc', { successRedirect: '/' }))
  app.get('/', (req, res) => {
    res.json({ user: req.user })
  })
  server.on('request', app)
  return { url }
}

describe('passport at the token service', () => {
  const proves = between('openid-provider', 'passport', import.meta.filename)

  proves(
    ['Discovery', 'Authorization code with PKCE', 'client_secret_basic'],
    'signs a user in',
    async (t) => {
      const { url } = await startApp(t)

      const page = await new HttpBrowser().open(`${url}/login`)

      assert.equal(page.url.href, `${url}/`)
      assert.deepEqual(JSON.parse(page.body), { user: { sub: 'alice' } })
    },
  )

  proves(['Pushed requests (PAR)'], 'signs a user in by a pushed request', async (t) => {
    const registration = { requirePushedAuthorization: true }
    const { url } = await startApp(t, { options: { usePAR: true }, registration })

    const page = await new HttpBrowser().open(`${url}/login`)

    assert.deepEqual(JSON.parse(page.body), { user: { sub: 'alice' } })
  })
})
