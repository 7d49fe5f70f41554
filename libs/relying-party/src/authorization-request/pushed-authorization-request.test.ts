import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'

import { browser } from '../../test-support/browser.ts'
import { startApp } from '../../test-support/start-app.ts'
import { answerWith, startFakeProvider } from '../../test-support/start-fake-provider.ts'
import { pushedAuthorizationRequest } from './pushed-authorization-request.ts'

async function start(t: TestContext, status: number, body: object) {
  const provider = await startFakeProvider(t)
  provider.metadata.pushed_authorization_request_endpoint = `${provider.url}/par`
  provider.instead.set('/par', answerWith(status, body))
  const authorizationRequest = pushedAuthorizationRequest()
  const app = await startApp(t, { issuer: provider.url, authorizationRequest })
  return { provider, app, user: browser() }
}

describe('a pushed authorization request', () => {
  it('goes ahead with the secret, and the browser carries a reference alone', async (t) => {
    const request_uri = 'urn:ietf:params:oauth:request_uri:reference'
    const { provider, app, user } = await start(t, 201, { request_uri, expires_in: 60 })

    const { headers } = await user.request(`${app.url}/secure`)

    const url = new URL(headers.get('location') ?? '')
    assert.equal(url.origin + url.pathname, `${provider.url}/authorize`)
    assert.deepEqual(
      [...url.searchParams],
      [
        ['request_uri', request_uri],
        ['client_id', 'client'],
      ],
    )
    const { authorization, parameters } = provider.last('POST /par') ?? assert.fail()
    assert.equal(authorization, `Basic ${btoa('client:secret')}`)
    const { state, nonce, code_challenge, ...others } = parameters
    for (const random of [state, nonce, code_challenge]) assert.match(random ?? '', /^[\w-]{43}$/)
    assert.deepEqual(others, {
      client_id: 'client',
      response_type: 'code',
      redirect_uri: `${app.url}/signin-oidc`,
      scope: 'openid profile scope1 offline_access',
      code_challenge_method: 'S256',
    })
    assert.deepEqual(
      user.cookies().map(({ name }) => name),
      [`client.sign-in.${state}`],
    )
  })

  for (const { answered, body, status, sentence } of [
    { answered: 400, body: { error: 'invalid_scope' }, status: 502, sentence: /invalid_scope/ },
    { answered: 401, body: { error: 'invalid_client' }, status: 502, sentence: /invalid_client/ },
    { answered: 503, body: {}, status: 503, sentence: /cannot be reached/ },
    { answered: 201, body: { expires_in: 60 }, status: 400, sentence: /cannot be trusted/ },
  ])
    it(`that is answered with ${answered} ${JSON.stringify(body)} leads nowhere`, async (t) => {
      const { app, user } = await start(t, answered, body)

      const response = await user.request(`${app.url}/secure`)

      assert.equal(response.status, status)
      assert.match(await response.text(), sentence)
      assert.deepEqual(user.cookies(), [])
    })

  it('is not replaced by a plain one where the provider takes none', async (t) => {
    const { provider, app, user } = await start(t, 201, {})
    delete provider.metadata.pushed_authorization_request_endpoint

    const response = await user.request(`${app.url}/secure`)

    assert.equal(response.status, 502)
    assert.match(await response.text(), /no pushed_authorization_request_endpoint/)
  })
})
