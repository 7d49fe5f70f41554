import assert from 'node:assert/strict'
import { describe } from 'node:test'

import { GrantTypes } from '@basics/openid-provider'
import * as client from 'openid-client'

import { between } from './capabilities.ts'
import { type Page, readForm } from './support/http-browser.ts'
import { startOpenidClient } from './support/start-openid-client.ts'

const response_mode = 'form_post'

/** What the script of the page sends to the client. */
function readPost(page: Page): Request {
  const { action, fields } = readForm(page)
  return new Request(action, { method: 'POST', body: new URLSearchParams(fields) })
}

describe('openid-client, answered by the token service', () => {
  const proves = between('openid-provider', 'openid-client', import.meta.filename)

  proves(
    ['Issuer in the response'],
    'takes no answer of another issuer, and no refusal',
    async (t) => {
      const { config, parameters, checks, open } = await startOpenidClient(t)
      const request = (others = {}) =>
        client.buildAuthorizationUrl(config, { ...parameters, ...others })
      const refusal = (await open(request({ prompt: 'none' }))).url
      const { url } = await open(request())

      assert.equal(config.serverMetadata().authorization_response_iss_parameter_supported, true)
      for (const answer of [url, refusal]) {
        const changed = new URL(answer)
        changed.searchParams.set('iss', 'https://other.example')
        const grant = client.authorizationCodeGrant(config, changed, checks)
        await assert.rejects(grant, (error: Error) => {
          assert.match(String(error.cause), /"iss"/)
          return true
        })
      }
      await assert.rejects(client.authorizationCodeGrant(config, refusal, checks), {
        error: 'login_required',
      })
      await client.authorizationCodeGrant(config, url, checks)
    },
  )

  proves(['Response by form_post'], 'takes the answer by form_post', async (t) => {
    const { config, parameters, checks, open } = await startOpenidClient(t)

    const page = await open(client.buildAuthorizationUrl(config, { ...parameters, response_mode }))
    const tokens = await client.authorizationCodeGrant(config, readPost(page), checks)

    assert.equal(tokens.claims()?.sub, 'alice')
  })

  proves(['Hybrid flow'], 'takes a code with an ID Token that vouches for it', async (t) => {
    const { config, signIn } = await startOpenidClient(t, {
      registration: { allowedGrantTypes: GrantTypes.hybrid },
    })
    client.useCodeIdTokenResponseType(config)

    const tokens = await signIn()

    assert.equal(tokens.claims()?.sub, 'alice')
  })

  proves(['Hybrid flow'], 'notices a code that the ID Token was not issued with', async (t) => {
    const { config, parameters, checks, open } = await startOpenidClient(t, {
      registration: { allowedGrantTypes: GrantTypes.hybrid },
    })
    client.useCodeIdTokenResponseType(config)
    const { url } = await open(client.buildAuthorizationUrl(config, parameters))
    const answer = new URLSearchParams(url.hash.slice(1))
    answer.set('code', 'x'.repeat(43))
    url.hash = answer.toString()

    await assert.rejects(client.authorizationCodeGrant(config, url, checks), (error: Error) => {
      assert.match(String(error.cause), /c_hash/)
      return true
    })
  })

  proves(
    ['Hybrid flow', 'Response by form_post'],
    'takes code and ID Token by form_post',
    async (t) => {
      const { config, parameters, checks, open } = await startOpenidClient(t, {
        registration: { allowedGrantTypes: GrantTypes.hybrid },
      })
      client.useCodeIdTokenResponseType(config)

      const url = client.buildAuthorizationUrl(config, { ...parameters, response_mode })
      const page = await open(url)
      const tokens = await client.authorizationCodeGrant(config, readPost(page), checks)

      assert.ok(readForm(page).fields.id_token)
      assert.equal(tokens.claims()?.sub, 'alice')
    },
  )

  proves(['Implicit flow'], 'takes an ID Token from the redirect', async (t) => {
    const { config, parameters, checks, open } = await startOpenidClient(t, {
      registration: { allowedGrantTypes: GrantTypes.implicit },
    })
    client.useIdTokenResponseType(config)
    const { redirect_uri, nonce, state } = parameters

    const url = client.buildAuthorizationUrl(config, {
      redirect_uri,
      nonce,
      state,
      scope: 'openid profile',
    })
    const answer = await open(url)
    const claims = await client.implicitAuthentication(config, answer.url, checks.expectedNonce, {
      expectedState: checks.expectedState,
    })

    assert.equal(claims.sub, 'alice')
  })
})
