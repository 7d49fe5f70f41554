import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'

import { decodeJwt } from 'jose'

import { legacyClients as clients } from '../../test-support/legacy-clients.ts'
import { alice, webClient } from '../../test-support/people.ts'
import { signingClients, signRequest } from '../../test-support/request-object.ts'
import { startSignIn } from '../../test-support/sign-in.ts'
import { memoryStore } from '../stores/memory/memory-store.ts'
import { createTokenHash } from '../tokens/id-token.ts'

const aCode = /^[\w-]{43}$/

async function startWithStore(t: TestContext) {
  const store = memoryStore()
  return { ...(await startSignIn(t, { clients, store })), store }
}

describe('access token through the browser', () => {
  it('comes without a refresh token, whatever is asked for', async (t) => {
    const { signIn, store } = await startWithStore(t)

    const { landing } = await signIn({
      client_id: 'implicit',
      response_type: 'id_token token',
      nonce: 'n',
      scope: 'openid scope1 offline_access',
    })

    assert.equal('refresh_token' in landing.parameters, false)
    assert.equal(landing.parameters.scope, 'openid scope1')
    assert.deepEqual(await store.getAll({ subject: alice.sub, type: 'refresh_token' }), [])
  })

  it('ignores offline_access also for a client that may not have it', async (t) => {
    const online = clients.map((client) => ({ ...client, allowOfflineAccess: false }))
    const { signIn } = await startSignIn(t, { clients: online })

    const { landing } = await signIn({
      client_id: 'implicit',
      response_type: 'token',
      scope: 'scope1 offline_access',
    })

    assert.equal(landing.parameters.scope, 'scope1')
  })

  it('gets its page the claims of the user, by CORS', async (t) => {
    const { signIn, request } = await startSignIn(t, { clients })
    const { landing } = await signIn({
      client_id: 'implicit',
      response_type: 'id_token token',
      nonce: 'n',
      scope: 'openid profile',
    })
    const origin = 'https://app.example'

    const preflight = await request('/connect/userinfo', {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'GET',
        'access-control-request-headers': 'authorization',
      },
    })
    const response = await request('/connect/userinfo', {
      headers: { origin, authorization: `Bearer ${landing.parameters.access_token}` },
    })

    for (const { headers } of [preflight, response])
      assert.equal(headers.get('access-control-allow-origin'), origin)
    assert.equal(preflight.headers.get('access-control-allow-headers'), 'authorization')
    assert.deepEqual(await response.json(), { sub: 'alice', name: 'Alice' })
  })

  it('can be a reference, which its client, who has no secret, can give back', async (t) => {
    const { signIn, userinfo, postForm } = await startSignIn(t, { clients })
    const { landing } = await signIn({
      client_id: 'implicit-reference',
      response_type: 'id_token token',
      nonce: 'n',
    })
    const { access_token = '', id_token = '' } = landing.parameters
    assert.match(access_token, aCode)
    assert.equal(decodeJwt(id_token).at_hash, createTokenHash(access_token, 'RS256'))
    assert.equal((await userinfo(access_token)).status, 200)

    const { status } = await postForm('/connect/revocation', {
      client_id: 'implicit-reference',
      token: access_token,
    })

    assert.equal(status, 200)
    assert.equal((await userinfo(access_token)).status, 401)
  })

  it('shows among the grants of the user, who can take it back', async (t) => {
    const { signIn, userinfo } = await startSignIn(t, { clients })
    const { landing, grants, revokeGrants } = await signIn({
      client_id: 'implicit-reference',
      response_type: 'id_token token',
      nonce: 'n',
    })
    assert.deepEqual(
      (await grants()).map(({ clientId }: { clientId: string }) => clientId),
      ['implicit-reference'],
    )

    await revokeGrants('implicit-reference')

    assert.equal((await userinfo(landing.parameters.access_token ?? '')).status, 401)
  })
})

describe('hybrid flow', () => {
  const request = { client_id: 'hybrid', response_type: 'code id_token token', nonce: 'n-1' }

  it('has the same issuer, user, login and nonce in both ID Tokens', async (t) => {
    const { signIn, redeem } = await startSignIn(t, { clients })
    const { landing, code } = await signIn(request)

    const tokens = await (await redeem(code, {}, 'hybrid')).json()

    const inBoth = ({ iss, sub, aud, sid, nonce, auth_time }: Record<string, unknown>) => ({
      ...{ iss, sub, aud, sid, nonce, auth_time },
    })
    const fromCode = decodeJwt(tokens.id_token)
    assert.deepEqual(inBoth(fromCode), inBoth(decodeJwt(landing.parameters.id_token ?? '')))
    assert.equal(fromCode.nonce, 'n-1')
    assert.equal(fromCode.at_hash, createTokenHash(tokens.access_token, 'RS256'))
    assert.equal('c_hash' in fromCode, false)
  })

  it('has refresh tokens, which the code brings', async (t) => {
    const { signIn, redeem } = await startSignIn(t, { clients })
    const { landing, code } = await signIn({ ...request, scope: 'openid scope1 offline_access' })

    const tokens = await (await redeem(code, {}, 'hybrid')).json()

    assert.equal('refresh_token' in landing.parameters, false)
    assert.match(tokens.refresh_token, aCode)
  })

  it('holds the code to its code_verifier', async (t) => {
    const { signIn, redeem } = await startSignIn(t, { clients })
    const { code } = await signIn(request)

    const { error } = await (await redeem(code, { code_verifier: undefined }, 'hybrid')).json()

    assert.equal(error, 'invalid_grant')
  })

  for (const client_id of ['hybrid', 'hybrid-reference'])
    it(`revokes the token of the browser when the code is used twice, for ${client_id}`, async (t) => {
      const { signIn, redeem, userinfo } = await startSignIn(t, { clients })
      const { landing, code } = await signIn({ ...request, client_id })
      const { access_token = '' } = landing.parameters
      await redeem(code, {}, client_id)
      assert.equal((await userinfo(access_token)).status, 200)

      await redeem(code, {}, client_id)

      assert.equal((await userinfo(access_token)).status, 401)
    })

  it('works for a request that was pushed', async (t) => {
    const { pushRequest, authorizeUrl, openBrowser } = await startSignIn(t, { clients })
    const parameters = new URL(authorizeUrl({ ...request })).searchParams
    const { request_uri } = await (await pushRequest(parameters, { client_id: 'hybrid' })).json()
    const { browser, logIn } = openBrowser()

    const page = await browser.open(
      `/connect/authorize?${new URLSearchParams({ client_id: 'hybrid', request_uri: String(request_uri) })}`,
    )
    const landing = await logIn(page)

    assert.deepEqual(Object.keys(landing.parameters).sort(), [
      ...['access_token', 'code', 'expires_in', 'id_token', 'iss', 'scope'],
      ...['session_state', 'token_type'],
    ])
  })

  it('is refused when it is pushed without a nonce', async (t) => {
    const { pushRequest, authorizeUrl } = await startSignIn(t, { clients })
    const { searchParams } = new URL(authorizeUrl({ ...request, nonce: undefined }))

    const response = await pushRequest(searchParams, { client_id: 'hybrid' })

    assert.equal(response.status, 400)
    assert.equal((await response.json()).error, 'invalid_request')
  })

  it('works for a request that is signed', async (t) => {
    const [jar] = signingClients.filter(({ clientId }) => clientId === 'jar')
    const signing = [{ ...webClient, ...jar, clientId: 'jar', allowedGrantTypes: ['hybrid'] }]
    const { issuer, openBrowser } = await startSignIn(t, { clients: signing })
    const claims = { response_type: 'code id_token', nonce: 'n-1' }
    const object = await signRequest(issuer, { claims })
    const { browser, logIn } = openBrowser()
    const query = new URLSearchParams({ client_id: 'jar', request: object })

    const landing = await logIn(await browser.open(`/connect/authorize?${query}`))

    assert.deepEqual(Object.keys(landing.parameters), [
      ...['code', 'id_token', 'session_state', 'state', 'iss'],
    ])
  })

  it('is not the code flow, which its client may not use', async (t) => {
    const { openBrowser } = await startSignIn(t, { clients })

    const { parameters } = await openBrowser().authorize({ client_id: 'hybrid' })

    assert.equal(parameters.error, 'unauthorized_client')
  })
})
