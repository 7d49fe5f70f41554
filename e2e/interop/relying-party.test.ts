import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import {
  backChannelLogout,
  codeIdTokenByFormPost,
  type LogoutTokenClaims,
  queryParameters,
  type UserSession,
} from '@basics/relying-party'
import type Provider from 'oidc-provider'
import { ClientSecretBasic } from 'openid-client'

import { between } from './capabilities.ts'
import { HttpBrowser, readForm } from './support/http-browser.ts'
import { startWebApp } from './support/start-web-app.ts'
import { basicClient, pushingClient, signingClient, webClients } from './support/web-clients.ts'

describe('relying-party at oidc-provider', () => {
  const proves = between('relying-party', 'oidc-provider', import.meta.filename)

  for (const { name, proven, ...setup } of webClients) {
    proves(
      [...proven, 'Discovery', 'Authorization code with PKCE', 'Userinfo'],
      `signs a user in ${name}`,
      async (t) => {
        const { url, logged } = await startWebApp(t, setup)

        const page = await new HttpBrowser().open(`${url}/secure?a=b`)

        assert.equal(page.url.href, `${url}/secure?a=b`)
        const { claims } = JSON.parse(page.body) as UserSession
        assert.equal(claims.sub, 'alice')
        assert.equal(claims.name, 'Alice Smith')
        assert.equal(claims.website, 'http://alice.example.com')
        assert.equal(claims.nonce, undefined)
        assert.deepEqual(logged, [])
      },
    )

    proves(
      ['Logout by the client'],
      `signs the user out there too, and in again, ${name}`,
      async (t) => {
        const { url, issuer, logged } = await startWebApp(t, setup)
        const browser = new HttpBrowser()
        await browser.open(`${url}/secure`)

        const question = await browser.open(`${url}/logout`)
        const home = await browser.submit(question, { logout: 'yes' })
        const next = await browser.open(`${url}/secure`)

        assert.equal(question.url.origin, issuer)
        assert.equal(home.url.href, `${url}/`)
        assert.deepEqual(JSON.parse(home.body), { signedIn: false })
        assert.equal((JSON.parse(next.body) as UserSession).claims.sub, 'alice')
        assert.deepEqual(logged, [])
      },
    )
  }

  for (const [{ options, registration }, sentence] of [
    [signingClient, /Request Object must be used/],
    [pushingClient, /Pushed Authorization Request must be used/],
  ] as const)
    it(`is told that a plain request will not do: ${sentence.source}`, async (t) => {
      const plain = { ...options, authorizationRequest: queryParameters() }
      const { url } = await startWebApp(t, { options: plain, registration })

      const { status, body } = await new HttpBrowser().open(`${url}/secure`)

      assert.equal(status, 400)
      assert.match(body, sentence)
    })

  proves(
    ['Hybrid flow', 'Response by form_post'],
    'takes a code with an ID Token that vouches for it, in a form',
    async (t) => {
      const { url, issuer, logged } = await startWebApp(t, {
        options: {
          clientAuthentication: ClientSecretBasic('secret'),
          authorizationResponse: codeIdTokenByFormPost(),
        },
        registration: {
          client_secret: 'secret',
          grant_types: ['authorization_code', 'implicit', 'refresh_token'],
          response_types: ['code id_token'],
          // With this flow, web applications have to be at https addresses there, and native ones not.
          application_type: 'native',
        },
      })
      const browser = new HttpBrowser()

      const form = await browser.open(`${url}/secure?a=b`)
      const page = await browser.submit(form)

      assert.equal(form.url.origin, issuer)
      // Where an ID Token names the issuer, `iss` need not (RFC 9207 §2.4).
      assert.deepEqual(Object.keys(readForm(form).fields).sort(), ['code', 'id_token', 'state'])
      assert.equal(page.url.href, `${url}/secure?a=b`)
      assert.equal((JSON.parse(page.body) as UserSession).claims.sub, 'alice')
      assert.deepEqual(logged, [])
    },
  )

  proves(['Back-channel logout'], 'ends the session of a user who signed out there', async (t) => {
    const received = Promise.withResolvers<LogoutTokenClaims>()
    const { url, issuer, provider, logged } = await startWebApp(t, {
      options: {
        ...basicClient.options,
        backChannelLogout: backChannelLogout({ received: received.resolve }),
      },
      registration: { ...basicClient.registration, backchannel_logout_session_required: true },
      hearsOfLogouts: true,
    })
    const browser = new HttpBrowser()
    const { body } = await browser.open(`${url}/secure`)
    const untyped = await issueUntypedLogoutToken(provider, JSON.parse(body) as UserSession)
    const readHome = async () => JSON.parse((await browser.open(url)).body)

    const refusal = await fetch(`${url}/backchannel-logout`, {
      method: 'POST',
      body: new URLSearchParams({ logout_token: untyped }),
    })
    assert.equal(refusal.status, 400)
    assert.match(await refusal.text(), /typ is not logout\+jwt/)
    assert.deepEqual(await readHome(), { signedIn: true })

    await browser.submit(await browser.open(`${issuer}/session/end`), { logout: 'yes' })

    const { iss, sub, sid } = await received.promise
    assert.deepEqual([iss, sub, typeof sid], [issuer, 'alice', 'string'])
    assert.deepEqual(await readHome(), { signedIn: false })
    assert.deepEqual(logged, [])
  })
})

/** An ID Token of the provider that says all that a logout token says, but for being one. */
async function issueUntypedLogoutToken(provider: Provider, { claims }: UserSession) {
  const token = new provider.IdToken({}, { client: await provider.Client.find('web') })
  const { sub, sid } = claims
  const events = { 'http://schemas.openid.net/event/backchannel-logout': {} }
  for (const [name, value] of Object.entries({ sub, sid, events, jti: 'untyped' }))
    token.set(name, value)
  // As short-lived as a logout token, in seconds.
  return token.issue({ use: 'idtoken', expiresAt: Math.floor(Date.now() / 1000) + 120 })
}
