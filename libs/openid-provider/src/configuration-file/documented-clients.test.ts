import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'

import { decodeJwt } from 'jose'

import { documentedConfiguration } from '../../test-support/documented-clients.ts'
import { readFormPost } from '../../test-support/read-form-post.ts'
import { startSignIn } from '../../test-support/sign-in.ts'
import { sha256 } from '../index.ts'
import { createTokenHash } from '../tokens/id-token.ts'
import { clientsFromConfiguration } from './clients-from-configuration.ts'

/** A token service with the registrations of the documents, read from JSON. */
function start(t: TestContext, json = documentedConfiguration) {
  const { clients, resources } = clientsFromConfiguration(json, { now: 0 })
  return startSignIn(t, { clients, resources })
}

describe('the clients of the documents', () => {
  for (const [client_id, scope] of [
    ['service.client', 'api1 api2.read_only'],
    ['m2m', 'api1 api2.read_only'],
    ['client1', 'api1'],
    ['interactive.confidential', 'api1'],
  ] as const)
    it(`get a token for themselves: ${client_id}`, async (t) => {
      const { requestToken } = await start(t)

      const response = await requestToken(
        { grant_type: 'client_credentials', scope },
        { client_id },
      )

      const { access_token, ...rest } = await response.json()
      const expires_in = client_id === 'client1' ? 600 : 3600
      assert.deepEqual(rest, { token_type: 'Bearer', expires_in, scope })
      assert.equal(access_token.includes('.'), client_id !== 'client1')
    })

  it('get no token with the empty secret of local-dev, and one once it is filled in', async (t) => {
    const filledIn = documentedConfiguration.replace(
      '"Value": ""',
      `"Value": "${sha256('secret')}"`,
    )
    const parameters = { grant_type: 'client_credentials' }

    for (const secret of ['secret', '']) {
      const { requestToken } = await start(t)
      const response = await requestToken(parameters, { client_id: 'local-dev', secret })
      assert.equal((await response.json()).error, 'invalid_client')
    }
    const { requestToken } = await start(t, filledIn)
    assert.equal((await requestToken(parameters, { client_id: 'local-dev' })).status, 200)
  })

  it('hand tokens through the browser: js', async (t) => {
    const { signIn, request } = await start(t)
    const origin = 'http://localhost:7017'

    const { landing } = await signIn({
      client_id: 'js',
      redirect_uri: `${origin}/index.html`,
      response_type: 'id_token token',
      scope: 'openid profile api1',
      nonce: 'n-0S6',
      code_challenge: undefined,
      code_challenge_method: undefined,
    })

    const { access_token = '', id_token = '', scope } = landing.parameters
    assert.equal(landing.url.href.split('#')[0], `${origin}/index.html`)
    assert.equal(scope, 'openid profile api1')
    assert.equal(decodeJwt(id_token).nonce, 'n-0S6')
    const response = await request('/connect/userinfo', {
      headers: { origin, authorization: `Bearer ${access_token}` },
    })
    assert.equal(response.headers.get('access-control-allow-origin'), origin)
    assert.deepEqual(await response.json(), { sub: 'alice', name: 'Alice' })
  })

  it('get an ID Token by the browser and the rest by its code: mvc', async (t) => {
    const { signIn, redeem } = await start(t)
    const redirect_uri = 'http://localhost:21402/signin-oidc'

    const { landing } = await signIn({
      client_id: 'mvc',
      redirect_uri,
      response_type: 'code id_token',
      response_mode: 'form_post',
      scope: 'openid profile api1 offline_access',
      nonce: 'n-0S6',
    })

    const { action, fields } = readFormPost(landing.body)
    const { code = '', id_token = '' } = fields
    assert.equal(action, redirect_uri)
    assert.deepEqual(
      [decodeJwt(id_token).nonce, decodeJwt(id_token).c_hash],
      ['n-0S6', createTokenHash(code, 'RS256')],
    )
    const tokens = await (await redeem(code, { redirect_uri }, 'mvc')).json()
    assert.equal(tokens.scope, 'openid profile api1 offline_access')
    assert.ok(tokens.refresh_token)
  })

  for (const [client_id, redirect_uri, scope] of [
    [
      'interactive',
      'http://localhost:21402/signin-oidc',
      'openid profile email api1 api2.read_only offline_access',
    ],
    [
      'interactive.confidential',
      'https://app.example/signin-oidc',
      'openid profile email api1 offline_access',
    ],
  ] as const)
    it(`sign a user in, get tokens and refresh them: ${client_id}`, async (t) => {
      const { signIn, redeem, refresh, userinfo } = await start(t)

      const { code } = await signIn({ client_id, redirect_uri, scope })
      const first = await (await redeem(code, { redirect_uri }, client_id)).json()
      const second = await (await refresh(first.refresh_token, {}, client_id)).json()

      assert.equal(first.scope, scope)
      assert.equal(second.refresh_token === first.refresh_token, client_id === 'interactive')
      const user = (await (await userinfo(second.access_token)).json()) as Record<string, unknown>
      assert.deepEqual(user, {
        sub: 'alice',
        name: 'Alice',
        email: 'alice@example.com',
        email_verified: true,
      })
    })
})
