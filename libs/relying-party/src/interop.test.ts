import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { browser } from '../test-support/browser.ts'
import { listening } from '../test-support/listening.ts'
import { readFormPost } from '../test-support/read-form-post.ts'
import { startApp } from '../test-support/start-app.ts'
import { startOidcProvider } from '../test-support/start-oidc-provider.ts'
import { codeIdTokenByFormPost } from './authorization-response/code-id-token-by-form-post.ts'
import type { UserSession } from './sessions/sign-in.ts'

describe('with oidc-provider', () => {
  it('signs in, refreshes, signs out and in again', async (t) => {
    // Each has to know the other's address before it can start.
    const door = await listening(t)
    const issuer = await startOidcProvider(t, door.url)
    const app = await startApp(t, { issuer, baseUrl: door.url })
    door.server.on('request', app.serve)
    const user = browser()

    const page = await user.open(`${door.url}/secure?a=b`)
    const { claims, tokens } = (await page.response.json()) as UserSession
    assert.equal(page.url.href, `${door.url}/secure?a=b`)
    assert.equal(claims.sub, 'alice')
    assert.equal(claims.name, 'Alice Smith')
    assert.equal(claims.website, 'http://alice.example.com')
    assert.equal(claims.nonce, undefined)

    const after = await user.open(`${door.url}/refresh`)
    const refreshed = ((await after.response.json()) as UserSession).tokens
    assert.notEqual(refreshed.access_token, tokens.access_token)
    assert.notEqual(refreshed.refresh_token, tokens.refresh_token)

    const question = await user.open(`${door.url}/logout`)
    assert.equal(question.url.origin, issuer)
    const form = await question.response.text()
    const [, action = ''] = /action="([^"]+)"/.exec(form) ?? []
    const [, xsrf = ''] = /name="xsrf" value="([^"]+)"/.exec(form) ?? []
    const answered = await user.request(action, {
      method: 'POST',
      body: new URLSearchParams({ xsrf, logout: 'yes' }),
    })
    const home = await user.open(answered.headers.get('location') ?? '')
    assert.equal(home.url.href, `${door.url}/`)
    assert.deepEqual(await home.response.json(), { signedIn: false })

    assert.equal((await user.open(`${door.url}/secure`)).response.status, 200)
    assert.deepEqual(app.logged, [])
  })

  it('signs in with a code and an ID Token by form_post', async (t) => {
    const door = await listening(t)
    const issuer = await startOidcProvider(t, door.url, {
      // Of a web client it wants https.
      application_type: 'native',
      response_types: ['code id_token'],
      grant_types: ['implicit', 'authorization_code', 'refresh_token'],
    })
    const authorizationResponse = codeIdTokenByFormPost()
    const app = await startApp(t, { issuer, baseUrl: door.url, authorizationResponse })
    door.server.on('request', app.serve)
    const user = browser()

    const page = await user.open(`${door.url}/secure?a=b`)
    const { action, fields } = readFormPost(await page.response.text())
    // Where an ID Token names the issuer, `iss` need not (RFC 9207 §2.4).
    assert.deepEqual([...fields.keys()].sort(), ['code', 'id_token', 'state'])
    const answered = await user.request(action, { method: 'POST', body: fields })
    assert.equal(answered.status, 303)
    assert.equal(answered.headers.get('location'), '/secure?a=b')

    const response = await user.request(`${door.url}/secure`)
    const { claims } = (await response.json()) as UserSession
    assert.deepEqual([claims.sub, claims.name], ['alice', 'Alice Smith'])
    assert.deepEqual(app.logged, [])
  })
})
