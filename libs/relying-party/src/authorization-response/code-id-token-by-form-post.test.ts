import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { startServer } from '@basics/protocol/test-support/start-server'
import express from 'express'

import { browser } from '../../test-support/browser.ts'
import { readFormPost } from '../../test-support/read-form-post.ts'
import { type StartAppOptions, startApp } from '../../test-support/start-app.ts'
import { startFakeProvider } from '../../test-support/start-fake-provider.ts'
import type { UserSession } from '../sessions/sign-in.ts'
import { codeIdTokenByFormPost } from './code-id-token-by-form-post.ts'

type Misbehaviour = Partial<Awaited<ReturnType<typeof startFakeProvider>>>

async function start(t: TestContext, options: Partial<StartAppOptions> = {}) {
  const provider = await startFakeProvider(t)
  const authorizationResponse = codeIdTokenByFormPost()
  const app = await startApp(t, { issuer: provider.url, authorizationResponse, ...options })

  /** Opens a page up to the provider's form, which is not sent yet. */
  async function openForm(user = browser()) {
    const { response } = await user.open(`${app.url}/secure?page=2`)
    return { user, ...readFormPost(await response.text()) }
  }
  return { provider, app, openForm }
}

function change(fields: URLSearchParams, changes: Record<string, string | null>): URLSearchParams {
  const changed = new URLSearchParams(fields)
  for (const [name, value] of Object.entries(changes))
    if (value === null) changed.delete(name)
    else changed.set(name, value)
  return changed
}

const post = (body: string | URLSearchParams | FormData): RequestInit => ({ method: 'POST', body })

describe('code and ID Token by form_post', () => {
  it('are asked for with PKCE, a state and a nonce', async (t) => {
    const { provider, app, openForm } = await start(t)

    const { action } = await openForm()

    assert.equal(action, `${app.url}/signin-oidc`)
    const { state, nonce, code_challenge, ...others } =
      provider.last('GET /authorize')?.parameters ?? {}
    for (const random of [state, nonce, code_challenge]) assert.match(random ?? '', /^[\w-]{43}$/)
    assert.deepEqual(others, {
      client_id: 'client',
      redirect_uri: `${app.url}/signin-oidc`,
      response_type: 'code id_token',
      response_mode: 'form_post',
      scope: 'openid profile scope1 offline_access',
      code_challenge_method: 'S256',
    })
  })

  it('end on the page first asked for, by a GET, with what the token endpoint issued', async (t) => {
    const { provider, app, openForm } = await start(t)
    const { user, action, fields } = await openForm()

    const response = await user.request(action, post(fields))

    assert.equal(response.status, 303)
    assert.equal(response.headers.get('location'), '/secure?page=2')
    assert.equal(response.headers.get('cache-control'), 'no-store')
    const session = (await (await user.request(`${app.url}/secure`)).json()) as UserSession
    assert.equal(session.claims.name, 'Alice Smith')
    assert.notEqual(session.tokens.id_token, fields.get('id_token'))
    const { code_verifier, ...redeemed } = provider.last('POST /token')?.parameters ?? {}
    assert.match(code_verifier ?? '', /^[\w-]{43}$/)
    assert.deepEqual(redeemed, {
      grant_type: 'authorization_code',
      code: fields.get('code'),
      redirect_uri: `${app.url}/signin-oidc`,
    })
  })

  it('count as they are in the form, whatever the query says', async (t) => {
    const { openForm } = await start(t)
    const { user, action, fields } = await openForm()
    const query = '?code=other&state=other&iss=https://evil.example&error=access_denied'

    assert.equal((await user.request(action + query, post(fields))).status, 303)
  })

  it('come from another site, so on https the cookie of the attempt is SameSite=None', async (t) => {
    const { app } = await start(t, { baseUrl: 'https://shop.example', trustProxy: 1 })
    const headers = { 'X-Forwarded-Proto': 'https' }

    const response = await fetch(`${app.url}/secure`, { redirect: 'manual', headers })

    const [cookie = '', ...others] = response.headers.getSetCookie()
    assert.deepEqual(others, [])
    assert.match(cookie, /^__Host-client\.sign-in\..*; Path=\/; .*HttpOnly; Secure; SameSite=None$/)
  })

  it('leave the cookies of the attempt on http, and of the session, Lax', async (t) => {
    const { openForm } = await start(t)
    const { user, action, fields } = await openForm()
    const attempt = user.cookies().map(({ line }) => line)
    await user.request(action, post(fields))

    for (const line of [...attempt, ...user.cookies().map((cookie) => cookie.line)])
      assert.match(line, /; HttpOnly; SameSite=Lax$/)
    assert.deepEqual(
      user.cookies().map(({ name }) => name),
      ['client'],
    )
  })

  it('need a form that nobody has read before', async (t) => {
    const { app, openForm } = await start(t)
    const late = express().use(express.urlencoded(), app.serve)
    const url = await startServer(t, late)
    const { user, fields } = await openForm()

    const response = await user.request(`${url}/signin-oidc`, post(fields))

    assert.equal(response.status, 500)
    assert.match(await response.text(), /comes before body parsers/)
  })

  const unanswerable: readonly [string, (form: Form) => Promise<Response>][] = [
    ['a second time', (form) => send(form).then(() => send(form))],
    ['in another browser', ({ action, fields }) => browser().request(action, post(fields))],
    ['with another state', (form) => send(form, { state: 'other' })],
    ['without state', (form) => send(form, { state: null })],
    ['by the query', ({ user, action, fields }) => user.request(`${action}?${fields}`, post(''))],
    [
      'by a PUT',
      ({ user, action, fields }) => user.request(action, { ...post(fields), method: 'PUT' }),
    ],
    ['by a GET', ({ user, action, fields }) => user.request(`${action}?${fields}`)],
    [
      'as JSON',
      ({ user, action, fields }) =>
        user.request(action, {
          ...post(JSON.stringify(Object.fromEntries(fields))),
          headers: { 'Content-Type': 'application/json' },
        }),
    ],
    [
      'as multipart',
      ({ user, action, fields }) => {
        const form = new FormData()
        for (const [name, value] of fields) form.set(name, value)
        return user.request(action, post(form))
      },
    ],
  ]
  for (const [what, answer] of unanswerable) {
    it(`offer to start again when they come ${what}`, async (t) => {
      const { provider, openForm } = await start(t)

      const response = await answer(await openForm())

      assert.equal(response.status, 400)
      assert.match(await response.text(), /cannot be completed.*<a href="\/">Start again<\/a>/s)
      assert.equal(provider.count('POST /token'), what === 'a second time' ? 1 : 0)
    })
  }

  it('are refused unread when they are too long', async (t) => {
    const { app, openForm } = await start(t)
    const { user, action, fields } = await openForm()

    const response = await user.request(action, post(change(fields, { more: 'a'.repeat(65_536) })))

    assert.equal(response.status, 413)
    assert.match(await response.text(), /entity too large/)
    assert.equal((await user.request(action, post(fields))).status, 303, 'the attempt is left')
    assert.equal(app.logged.length, 1)
  })

  it('are no answer when the user declines', async (t) => {
    const { provider, openForm } = await start(t)
    const declined = { code: null, id_token: null, error: 'access_denied' }

    const response = await send(await openForm(), declined)

    assert.equal(response.status, 403)
    assert.match(await response.text(), /access_denied.*<a href="\/secure\?page=2">/s)
    assert.equal(provider.count('POST /token'), 0)
  })

  describe('are refused before the code is redeemed, with', () => {
    const untrusted: readonly [string, Misbehaviour, RegExp][] = [
      ['no ID Token', { response: { id_token: undefined } }, /ID Token/],
      ['no code', { response: { code: undefined } }, /Authorization Code/],
      ['an ID Token of another code', { formIdToken: { c_hash: 'a' } }, /"c_hash"/],
      ['another code', { response: { code: 'other' } }, /"c_hash"/],
      ['an ID Token of no code', { formIdToken: { c_hash: undefined } }, /"c_hash"/],
      ['a wrong nonce', { formIdToken: { nonce: 'wrong' } }, /"nonce"/],
      ['no nonce', { formIdToken: { nonce: undefined } }, /"nonce"/],
      ['another issuer', { response: { iss: 'https://evil.example' } }, /"iss"/],
      ['an ID Token of another issuer', { formIdToken: { iss: 'https://evil.example' } }, /"iss"/],
      ['an ID Token for another client', { formIdToken: { aud: 'other' } }, /"aud"/],
      ['one issued to another', { formIdToken: { aud: ['client', 'b'], azp: 'b' } }, /"azp"/],
      ['an expired ID Token', { formIdToken: { exp: 1 } }, /"exp"/],
      ['an ID Token signed with another key', { signature: 'other key' }, /signature/],
      ['an unsigned ID Token', { signature: 'none' }, /"alg"/],
    ]
    for (const [what, misbehaviour, detail] of untrusted) {
      it(what, async (t) => {
        const { provider, app, openForm } = await start(t)
        Object.assign(provider, misbehaviour)

        const form = await openForm()
        const response = await send(form)

        await requireUntrusted(response, detail)
        assert.equal(provider.count('POST /token'), 0)
        assert.deepEqual(await (await form.user.request(app.url)).json(), { signedIn: false })
        assert.equal(app.logged.length, 1)
        assert.doesNotMatch(app.logged.join(), /code-0|ey\w+\./)
      })
    }

    for (const name of ['code', 'id_token', 'state', 'iss', 'error'])
      it(`${name} twice`, async (t) => {
        const { provider, openForm } = await start(t)
        const { user, action, fields } = await openForm()
        fields.append(name, fields.get(name) ?? 'access_denied')
        if (name === 'error') fields.append(name, 'access_denied')

        await requireUntrusted(await user.request(action, post(fields)), /only once/)
        assert.equal(provider.count('POST /token'), 0)
      })
  })

  describe('are refused after it, with', () => {
    const untrusted: readonly [string, Misbehaviour, RegExp][] = [
      ['an ID Token about another user', { formIdToken: { sub: 'bob' } }, /"sub" differs/],
      ['a second ID Token about another user', { idToken: { sub: 'bob' } }, /"sub" differs/],
      ['a second ID Token with a wrong nonce', { idToken: { nonce: 'wrong' } }, /"nonce"/],
      ['no second ID Token', { tokenResponse: { id_token: undefined } }, /"id_token"/],
    ]
    for (const [what, misbehaviour, detail] of untrusted) {
      it(what, async (t) => {
        const { provider, app, openForm } = await start(t)
        Object.assign(provider, misbehaviour)

        const form = await openForm()
        await requireUntrusted(await send(form), detail)

        assert.equal(provider.count('POST /token'), 1)
        assert.equal(provider.count('GET /userinfo'), 0)
        assert.deepEqual(await (await form.user.request(app.url)).json(), { signedIn: false })
        await app.login.close()
        assert.equal(provider.count('POST /revoke'), 1)
      })
    }
  })
})

type Form = Awaited<ReturnType<Awaited<ReturnType<typeof start>>['openForm']>>

function send({ user, action, fields }: Form, changes: Record<string, string | null> = {}) {
  return user.request(action, post(change(fields, changes)))
}

async function requireUntrusted(response: Response, detail: RegExp): Promise<void> {
  assert.equal(response.status, 400)
  const html = await response.text()
  assert.match(html, /cannot be trusted/)
  assert.match(/<code>(.*)<\/code>/.exec(html)?.[1]?.replaceAll('&quot;', '"') ?? '', detail)
  assert.match(html, /<a href="\/secure\?page=2">Start again<\/a>/)
}
