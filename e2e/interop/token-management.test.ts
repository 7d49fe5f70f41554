import assert from 'node:assert/strict'
import { describe, type TestContext } from 'node:test'

import type { UserSession } from '@basics/relying-party'
import { resourceServer } from '@basics/resource-server'
import { type AccessToken, clientCredentialsTokens } from '@basics/token-management'
import {
  ClientSecretBasic,
  ClientSecretPost,
  fetchUserInfo,
  PrivateKeyJwt,
  refreshTokenGrant,
} from 'openid-client'

import { between } from './capabilities.ts'
import { HttpBrowser } from './support/http-browser.ts'
import { startApi } from './support/start-api.ts'
import { apis, machine, startOidcProvider } from './support/start-oidc-provider.ts'
import { startWebApp, type WebAppSetup } from './support/start-web-app.ts'
import { clientJwks, clientKey, webClients } from './support/web-clients.ts'

/** A user who has signed in, with the first tokens. */
async function startSignedIn(t: TestContext, setup: WebAppSetup) {
  const app = await startWebApp(t, setup)
  const browser = new HttpBrowser()
  const readTokens = async () => {
    const { body } = await browser.open(`${app.url}/secure`)
    return (JSON.parse(body) as UserSession).tokens
  }
  const getToken = async (query = '') => {
    const { body } = await browser.open(`${app.url}/token${query}`)
    return (JSON.parse(body) as AccessToken).access_token
  }
  return { ...app, browser, readTokens, getToken, tokens: await readTokens() }
}

describe('token-management at oidc-provider', () => {
  const proves = between('token-management', 'oidc-provider', import.meta.filename)

  for (const { name, proven: _, ...setup } of webClients) {
    proves(['Refresh tokens'], `renews the user's token ${name}`, async (t) => {
      const { login, clock, tokens, getToken, readTokens, logged } = await startSignedIn(t, setup)
      assert.equal(await getToken(), tokens.access_token)

      clock.seconds = 3600
      const access_token = await getToken()

      const { sub } = await fetchUserInfo(await login.provider(), access_token, 'alice')
      assert.equal(sub, 'alice')
      assert.notEqual(access_token, tokens.access_token)
      const kept = await readTokens()
      assert.equal(kept.access_token, access_token)
      assert.notEqual(kept.refresh_token, tokens.refresh_token)
      assert.deepEqual(logged, [])
    })

    proves(
      ['Refresh tokens', 'Resource indicators'],
      `calls an API with a token for it alone, ${name}`,
      async (t) => {
        const { issuer, tokens, getToken, logged } = await startSignedIn(t, setup)
        const { required } = resourceServer({ issuer, audience: apis.jwt })
        const call = await startApi(t, [required])

        const access_token = await getToken(`?resource=${apis.jwt}`)

        assert.notEqual(access_token, tokens.access_token)
        assert.equal((await call(access_token)).status, 200)
        assert.equal((await call(tokens.access_token)).status, 401)
        assert.deepEqual(logged, [])
      },
    )

    proves(
      ['Revocation'],
      `gives the refresh token back when the user signs out, ${name}`,
      async (t) => {
        const { url, login, browser, tokens, logged } = await startSignedIn(t, setup)

        await browser.open(`${url}/logout`)

        const refresh = refreshTokenGrant(await login.provider(), tokens.refresh_token ?? '')
        await assert.rejects(refresh, { error: 'invalid_grant' })
        assert.deepEqual(logged, [])
      },
    )
  }

  const machines = [
    ['client_secret_basic', ClientSecretBasic('secret')],
    ['client_secret_post', ClientSecretPost('secret')],
    ['private_key_jwt', PrivateKeyJwt(clientKey)],
  ] as const
  for (const [method, clientAuthentication] of machines)
    proves(['Client credentials', method], `gets a machine's token with ${method}`, async (t) => {
      const { issuer } = await startOidcProvider(t, [
        {
          ...machine,
          token_endpoint_auth_method: method,
          ...(method === 'private_key_jwt' ? { jwks: clientJwks } : { client_secret: 'secret' }),
        },
      ])
      const tokens = clientCredentialsTokens({
        api: { issuer, clientId: 'machine', clientAuthentication, scope: 'scope1' },
      })

      const { access_token, scope } = await tokens.get('api', { resource: apis.jwt })

      assert.match(access_token, /^[\w-]+\.[\w-]+\.[\w-]+$/)
      assert.equal(scope, 'scope1')
    })
})
