import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'

import * as client from 'openid-client'

import { legacyClients } from '../test-support/legacy-clients.ts'
import { userClients } from '../test-support/people.ts'
import { readFormPost } from '../test-support/read-form-post.ts'
import { startSignIn } from '../test-support/sign-in.ts'

const redirect_uri = 'https://app.example/cb'

/** A sign-in in which openid-client is the client: it makes the requests, and checks the answers. */
async function startInterop(t: TestContext, client_id = 'web', clients = userClients) {
  const started = await startSignIn(t, { clients })
  const config = await client.discovery(new URL(started.issuer), client_id, 'secret', undefined, {
    execute: [client.allowInsecureRequests],
  })
  const code_verifier = client.randomPKCECodeVerifier()
  const checks = {
    pkceCodeVerifier: code_verifier,
    expectedState: client.randomState(),
    expectedNonce: client.randomNonce(),
    idTokenExpected: true,
  }
  const { browser, logIn } = started.openBrowser()

  async function signIn(parameters: Record<string, string> = {}) {
    const url = client.buildAuthorizationUrl(config, {
      redirect_uri,
      scope: 'openid profile scope1 offline_access',
      code_challenge: await client.calculatePKCECodeChallenge(code_verifier),
      code_challenge_method: 'S256',
      state: checks.expectedState,
      nonce: checks.expectedNonce,
      ...parameters,
    })
    return logIn(await browser.open(url))
  }

  return { ...started, config, checks, signIn, browser }
}

describe('openid-client', () => {
  it('discovers the provider', async (t) => {
    const { config, issuer } = await startInterop(t)

    const metadata = config.serverMetadata()

    assert.equal(metadata.issuer, issuer)
    assert.equal(metadata.supportsPKCE(), true)
    assert.equal(metadata.authorization_response_iss_parameter_supported, true)
  })

  it('signs a user in, with PKCE, state and nonce', async (t) => {
    const { config, checks, signIn } = await startInterop(t)
    const { url } = await signIn()

    const tokens = await client.authorizationCodeGrant(config, url, checks)

    assert.equal(tokens.claims()?.sub, 'alice')
    assert.equal(tokens.claims()?.nonce, checks.expectedNonce)
    assert.equal(tokens.scope, 'openid profile scope1 offline_access')
  })

  it('signs a user in by form_post', async (t) => {
    const { config, checks, signIn } = await startInterop(t)
    const { action, fields } = readFormPost((await signIn({ response_mode: 'form_post' })).body)
    const body = new URLSearchParams(fields)

    const posted = new Request(action, { method: 'POST', body })
    const tokens = await client.authorizationCodeGrant(config, posted, checks)

    assert.equal(tokens.claims()?.sub, 'alice')
  })

  it('gets userinfo of the same subject', async (t) => {
    const { config, checks, signIn } = await startInterop(t)
    const tokens = await client.authorizationCodeGrant(config, (await signIn()).url, checks)

    const claims = await client.fetchUserInfo(config, tokens.access_token, 'alice')

    assert.deepEqual(claims, { sub: 'alice', name: 'Alice' })
  })

  it('refreshes, until it revokes', async (t) => {
    const { config, checks, signIn } = await startInterop(t, 'rotating')
    const tokens = await client.authorizationCodeGrant(config, (await signIn()).url, checks)

    const renewed = await client.refreshTokenGrant(config, tokens.refresh_token ?? '')
    await client.tokenRevocation(config, renewed.refresh_token ?? '')

    assert.equal(renewed.claims()?.sub, 'alice')
    await assert.rejects(client.refreshTokenGrant(config, renewed.refresh_token ?? ''), {
      error: 'invalid_grant',
    })
  })

  it('introspects its token', async (t) => {
    const { config, checks, signIn } = await startInterop(t)
    const tokens = await client.authorizationCodeGrant(config, (await signIn()).url, checks)

    const { active, sub } = await client.tokenIntrospection(config, tokens.access_token)

    assert.deepEqual([active, sub], [true, 'alice'])
  })

  it('ends the session', async (t) => {
    const { config, checks, signIn, browser } = await startInterop(t)
    const tokens = await client.authorizationCodeGrant(config, (await signIn()).url, checks)

    const page = await browser.open(
      client.buildEndSessionUrl(config, {
        id_token_hint: tokens.id_token ?? '',
        post_logout_redirect_uri: 'https://app.example/bye',
        state: 's',
      }),
    )

    assert.deepEqual(JSON.parse(page.body), {
      clientId: 'web',
      postLogoutRedirectUri: 'https://app.example/bye?state=s',
      showSignoutPrompt: false,
    })
  })

  it('accepts the way it is told of a refusal, which names state and issuer', async (t) => {
    const { config, checks, browser, authorizeUrl } = await startInterop(t)
    const { url } = await browser.open(
      authorizeUrl({ prompt: 'none', state: checks.expectedState }),
    )

    await assert.rejects(client.authorizationCodeGrant(config, url, checks), {
      error: 'login_required',
    })
  })
})

describe('openid-client, in the legacy flows', () => {
  it('takes the ID Token of the implicit flow', async (t) => {
    const { config, checks, signIn } = await startInterop(t, 'implicit', legacyClients)
    client.useIdTokenResponseType(config)
    const { expectedNonce, expectedState } = checks

    const { url } = await signIn({ scope: 'openid profile' })
    const claims = await client.implicitAuthentication(config, url, expectedNonce, {
      expectedState,
    })

    assert.equal(claims.sub, 'alice')
    assert.equal(claims.name, 'Alice')
  })

  it('takes code and ID Token of the hybrid flow, and checks c_hash', async (t) => {
    const { config, checks, signIn } = await startInterop(t, 'hybrid', legacyClients)
    client.useCodeIdTokenResponseType(config)

    const { url } = await signIn()
    const tokens = await client.authorizationCodeGrant(config, url, checks)

    assert.equal(tokens.claims()?.sub, 'alice')
  })

  it('takes them by form_post', async (t) => {
    const { config, checks, signIn } = await startInterop(t, 'hybrid', legacyClients)
    client.useCodeIdTokenResponseType(config)
    const { action, fields } = readFormPost((await signIn({ response_mode: 'form_post' })).body)
    const body = new URLSearchParams(fields)

    const posted = new Request(action, { method: 'POST', body })
    const tokens = await client.authorizationCodeGrant(config, posted, checks)

    assert.equal(tokens.claims()?.sub, 'alice')
  })

  it('notices a code that the ID Token was not issued with', async (t) => {
    const { config, checks, signIn } = await startInterop(t, 'hybrid', legacyClients)
    client.useCodeIdTokenResponseType(config)
    const { url } = await signIn()
    const fragment = new URLSearchParams(url.hash.slice(1))
    fragment.set('code', 'x'.repeat(43))
    url.hash = fragment.toString()

    await assert.rejects(client.authorizationCodeGrant(config, url, checks), (error: Error) => {
      assert.match(String(error.cause), /c_hash/)
      return true
    })
  })
})
