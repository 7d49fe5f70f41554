import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { browser } from '../../test-support/browser.ts'
import { listening } from '../../test-support/listening.ts'
import { startApp } from '../../test-support/start-app.ts'
import { startOidcProvider } from '../../test-support/start-oidc-provider.ts'
import { backChannelLogout } from './back-channel-logout.ts'
import type { LogoutTokenClaims } from './logout-token.ts'

describe('with the logout tokens of oidc-provider', () => {
  it('ends the session that was signed out of in another browser tab', async (t) => {
    const door = await listening(t)
    const issuer = await startOidcProvider(t, door.url, {
      backchannel_logout_uri: `${door.url}/backchannel-logout`,
      backchannel_logout_session_required: true,
    })
    const received = Promise.withResolvers<LogoutTokenClaims>()
    const app = await startApp(t, {
      issuer,
      baseUrl: door.url,
      backChannelLogout: backChannelLogout({ received: received.resolve }),
    })
    door.server.on('request', app.serve)
    const user = browser()
    assert.equal((await user.open(`${door.url}/secure`)).response.status, 200)

    const form = await (await user.request(`${issuer}/session/end`)).text()
    const [, action = ''] = /action="([^"]+)"/.exec(form) ?? []
    const [, xsrf = ''] = /name="xsrf" value="([^"]+)"/.exec(form) ?? []
    const body = new URLSearchParams({ xsrf, logout: 'yes' })
    await user.request(action, { method: 'POST', body })

    const { iss, sub, sid } = await received.promise
    assert.deepEqual([iss, sub, typeof sid], [issuer, 'alice', 'string'])
    assert.equal((await user.request(`${door.url}/secure`)).status, 302)
    assert.deepEqual(app.logged, [])
  })
})
