import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { browser } from '../../test-support/browser.ts'
import { startApp } from '../../test-support/start-app.ts'
import { startFakeProvider } from '../../test-support/start-fake-provider.ts'
import type { UserSession } from '../sessions/sign-in.ts'

describe('the tokens of a session whose store fails as it ends', () => {
  for (const [how, path] of [
    ['the user signs out', () => '/logout'],
    ['the app ends it', () => '/end'],
    [
      'the provider ends it in a frame',
      (issuer) => `/signout-oidc?${new URLSearchParams({ iss: issuer, sid: 'sid1' })}`,
    ],
    ['the user signs in again', () => undefined],
  ] as [string, (issuer: string) => string | undefined][])
    it(`are gone, and the refresh token is revoked, when ${how}`, async (t) => {
      const provider = await startFakeProvider(t)
      provider.idToken = { sid: 'sid1' }
      const app = await startApp(t, { issuer: provider.url })
      const user = browser()
      const { callback } = await app.signInUpToCallback(user)
      const { response } = await app.signIn(user)
      const { id, tokens } = (await response.json()) as UserSession
      t.mock.method(app.storage.sessions, 'destroy', (_sid: string, done: (error: Error) => void) =>
        done(new Error('the disk is full')),
      )

      const page = path(provider.url)
      const answer = await user.request(page === undefined ? callback : app.url + page)

      assert.equal(answer.status, 500)
      assert.match(await answer.text(), /the disk is full/)
      assert.equal(await app.login.tokens.get(id), undefined)
      await app.login.close()
      const revoked = provider.requests
        .filter(({ line }) => line === 'POST /revoke')
        .map(({ parameters }) => parameters.token)
      assert.ok(revoked.includes(tokens.refresh_token), revoked.join())
    })
})
