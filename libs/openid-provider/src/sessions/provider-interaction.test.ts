import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { memoryClients, webClient } from '../../test-support/people.ts'
import { startSignIn } from '../../test-support/sign-in.ts'
import { memoryStore } from '../index.ts'

const hour = 60 * 60 * 1000

describe('returnUrl', () => {
  it('is valid when a request waits behind it', async (t) => {
    const { openBrowser, provider } = await startSignIn(t)
    const { parameters } = await openBrowser().authorize()

    assert.equal(await provider.interaction.isValidReturnUrl(parameters.returnUrl), true)
  })

  it('is valid for a request with an id_token_hint, also where the issuer is taken from the request', async (t) => {
    const { signInForTokens, provider } = await startSignIn(t, { fixedIssuer: false })
    const { tokens, authorize } = await signInForTokens()

    const { parameters } = await authorize({
      id_token_hint: tokens.id_token,
      prompt: 'login',
    })

    assert.equal(await provider.interaction.isValidReturnUrl(parameters.returnUrl), true)
  })

  it('is valid when it is a path of this server', async (t) => {
    const { provider } = await startSignIn(t)

    assert.equal(await provider.interaction.isValidReturnUrl('/grants'), true)
  })

  for (const returnUrl of [
    undefined,
    '',
    '//evil.example',
    'https://evil.example/connect/authorize/callback?id=x',
    '//evil.example/connect/authorize/callback?id=x',
    '/connect/authorize/callback?id=unknown',
    `/connect/authorize/callback?id=${'x'.repeat(200)}`,
  ])
    it(`is not valid when it is ${returnUrl}`, async (t) => {
      const { provider } = await startSignIn(t)
      const { interaction } = provider

      const isValid = await interaction.isValidReturnUrl(returnUrl)

      assert.equal(isValid, false)
      assert.equal(await interaction.getAuthorizationContext(returnUrl), undefined)
    })

  for (const path of ['https://evil.example', '//evil.example', '/\\evil.example'])
    it(`leads to no waiting request when ${path} is put in front`, async (t) => {
      const { openBrowser, provider } = await startSignIn(t)
      const { parameters } = await openBrowser().authorize()
      const returnUrl = path + parameters.returnUrl

      assert.equal(await provider.interaction.isValidReturnUrl(returnUrl), false)
      assert.equal(await provider.interaction.getAuthorizationContext(returnUrl), undefined)
    })

  it('is no longer valid when the request was answered', async (t) => {
    const { openBrowser, provider } = await startSignIn(t)
    const { authorize, logIn } = openBrowser()
    const page = await authorize()
    await logIn(page)

    assert.equal(await provider.interaction.isValidReturnUrl(page.parameters.returnUrl), false)
  })

  it('is no longer valid after an hour', async (t) => {
    const clock = { now: Date.UTC(2030, 0, 1) }
    const { openBrowser, provider } = await startSignIn(t, { now: () => clock.now })
    const { parameters } = await openBrowser().authorize()
    clock.now += hour

    assert.equal(await provider.interaction.isValidReturnUrl(parameters.returnUrl), false)
  })

  it('is no longer valid when the client is no longer registered for the request', async (t) => {
    const clients = memoryClients({ ...webClient, clientId: 'web' })
    const { openBrowser, provider } = await startSignIn(t, { clients })
    const { parameters } = await openBrowser().authorize({ scope: 'openid email' })

    clients.put({ ...webClient, clientId: 'web', allowedScopes: ['openid'] })

    assert.equal(await provider.interaction.isValidReturnUrl(parameters.returnUrl), false)
  })
})

describe('events of the front channel', () => {
  it('tell who granted what, and hold nothing that can be used', async (t) => {
    const { events, signIn } = await startSignIn(t)
    const told: unknown[] = []
    events.on('consentGranted', (event) => told.push(['consentGranted', event]))
    events.on('authorizationGranted', (event) => told.push(['authorizationGranted', event]))
    const { landing, consent } = await signIn({ client_id: 'asking', scope: 'openid profile' })

    await consent(landing, { scopes: ['openid'] })

    const event = { client_id: 'asking', sub: 'alice', scope: 'openid' }
    assert.deepEqual(told, [
      ['consentGranted', event],
      ['authorizationGranted', event],
    ])
  })
})

describe('error context', () => {
  it('is kept for ten minutes', async (t) => {
    const clock = { now: Date.UTC(2030, 0, 1) }
    const store = memoryStore({ now: () => clock.now })
    const { openBrowser, provider } = await startSignIn(t, { store, now: () => clock.now })
    const { parameters } = await openBrowser().authorize({ client_id: 'nope' })

    const inTime = await provider.interaction.getErrorContext(parameters.errorId)
    clock.now += 10 * 60 * 1000
    const tooLate = await provider.interaction.getErrorContext(parameters.errorId)

    assert.equal(inTime?.error, 'unauthorized_client')
    assert.equal(tooLate, undefined)
  })

  it('is undefined for an unknown id, and for none', async (t) => {
    const { provider } = await startSignIn(t)

    assert.equal(await provider.interaction.getErrorContext('nope'), undefined)
    assert.equal(await provider.interaction.getErrorContext(undefined), undefined)
  })
})
