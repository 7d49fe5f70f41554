import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { generateKeyPair, jwtVerify } from 'jose'

import { browser } from '../../test-support/browser.ts'
import { startApp } from '../../test-support/start-app.ts'
import { startFakeProvider } from '../../test-support/start-fake-provider.ts'
import { signedRequestObject } from './signed-request-object.ts'

const { privateKey, publicKey } = await generateKeyPair('ES256')
const key = { key: privateKey, kid: 'key-1' }

describe('a signed authorization request', () => {
  it('has all in one JWT, and beside it the client_id alone', async (t) => {
    const provider = await startFakeProvider(t)
    const authorizationRequest = signedRequestObject(key)
    const app = await startApp(t, { issuer: provider.url, authorizationRequest })
    const user = browser()

    const { headers } = await user.request(`${app.url}/secure`)

    const url = new URL(headers.get('location') ?? '')
    assert.equal(url.origin + url.pathname, `${provider.url}/authorize`)
    const { request = '', ...others } = Object.fromEntries(url.searchParams)
    assert.deepEqual(others, { client_id: 'client' })
    const { protectedHeader, payload } = await jwtVerify(request, publicKey)
    assert.deepEqual(protectedHeader, { alg: 'ES256', typ: 'oauth-authz-req+jwt', kid: 'key-1' })
    const { state, nonce, code_challenge, jti, iat = 0, exp, nbf, ...claims } = payload
    for (const random of [state, nonce, code_challenge, jti])
      assert.match(String(random), /^[\w-]{43}$/)
    assert.deepEqual([exp, nbf], [iat + 60, iat])
    assert.deepEqual(claims, {
      iss: 'client',
      aud: provider.url,
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

  it('is made anew for each sign-in', async (t) => {
    const provider = await startFakeProvider(t)
    const authorizationRequest = signedRequestObject(key)
    const app = await startApp(t, { issuer: provider.url, authorizationRequest })

    const ids = await Promise.all(
      [1, 2].map(async () => {
        const { headers } = await browser().request(`${app.url}/secure`)
        const request = new URL(headers.get('location') ?? '').searchParams.get('request') ?? ''
        return (await jwtVerify(request, publicKey)).payload.jti
      }),
    )

    assert.notEqual(ids[0], ids[1])
  })
})
