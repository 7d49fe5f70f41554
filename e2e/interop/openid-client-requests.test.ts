import assert from 'node:assert/strict'
import { describe } from 'node:test'

import { jsonWebKey } from '@basics/openid-provider'
import { exportJWK, generateKeyPair } from 'jose'
import * as client from 'openid-client'

import { between } from './capabilities.ts'
import { listening } from './support/listening.ts'
import { startOpenidClient } from './support/start-openid-client.ts'

const { privateKey, publicKey } = await generateKeyPair('ES256')
const key = { key: privateKey, kid: 'client-key' }
const jwk = { ...(await exportJWK(publicKey)), kid: key.kid }

const signingClient = {
  registration: { clientSecrets: [jsonWebKey(jwk)], requireRequestObject: true },
  authentication: client.PrivateKeyJwt(key),
}

describe('openid-client, asking the token service', () => {
  const proves = between('openid-provider', 'openid-client', import.meta.filename)

  proves(
    ['Sign-in without a page (prompt=none)'],
    'is told whether a user is signed in',
    async (t) => {
      const { signIn } = await startOpenidClient(t)
      const silently = { prompt: 'none' }

      await assert.rejects(signIn(silently), { error: 'login_required' })
      await signIn()
      const tokens = await signIn(silently)

      assert.equal(tokens.claims()?.sub, 'alice')
    },
  )

  proves(
    ['Age of the sign-in (max_age)'],
    'is told since when, and is refused if that is too long',
    async (t) => {
      const { config, parameters, checks, open, signIn } = await startOpenidClient(t)
      const { auth_time } = (await signIn()).claims() ?? {}
      const silently = { prompt: 'none', max_age: '600' }

      const url = client.buildAuthorizationUrl(config, { ...parameters, ...silently })
      const answer = (await open(url)).url
      const tokens = await client.authorizationCodeGrant(config, answer, { ...checks, maxAge: 600 })

      assert.equal(typeof auth_time, 'number')
      assert.equal(tokens.claims()?.auth_time, auth_time)
      await assert.rejects(signIn({ ...silently, max_age: '0' }), { error: 'login_required' })
    },
  )

  proves(['Claims asked for singly'], 'gets what it asked for, where it did', async (t) => {
    const { config, signIn } = await startOpenidClient(t)
    const claims = JSON.stringify({ id_token: { name: null }, userinfo: { website: null } })

    const tokens = await signIn({ scope: 'openid', claims })
    const { website, name } = await client.fetchUserInfo(config, tokens.access_token, 'alice')

    assert.equal(config.serverMetadata().claims_parameter_supported, true)
    assert.equal(tokens.claims()?.name, 'Alice Smith')
    assert.equal(tokens.claims()?.website, undefined)
    assert.deepEqual([website, name], ['http://alice.example.com', undefined])
  })

  proves(
    ['Signed requests (JAR)', 'private_key_jwt'],
    'signs its requests and its assertions',
    async (t) => {
      const { config, parameters, redeem, signIn } = await startOpenidClient(t, signingClient)

      const url = await client.buildAuthorizationUrlWithJAR(config, parameters, key)
      const tokens = await redeem(url)

      assert.equal(tokens.claims()?.sub, 'alice')
      await assert.rejects(signIn(), { error: 'invalid_request' })
    },
  )

  proves(['Signed requests by reference'], 'leaves its signed request for fetching', async (t) => {
    let object = ''
    const { url: request_uri } = await listening(t, (_req, res) => {
      res.writeHead(200, { 'Content-Type': 'application/oauth-authz-req+jwt' }).end(object)
    })
    const { registration, ...rest } = signingClient
    const { config, parameters, redeem } = await startOpenidClient(t, {
      ...rest,
      registration: { ...registration, requestUris: [request_uri] },
      options: { requestUriParameter: 'anyAddress' },
    })
    const signed = await client.buildAuthorizationUrlWithJAR(config, parameters, key)
    object = signed.searchParams.get('request') ?? ''

    const tokens = await redeem(client.buildAuthorizationUrl(config, { request_uri }))

    assert.equal(config.serverMetadata().request_uri_parameter_supported, true)
    assert.equal(tokens.claims()?.sub, 'alice')
  })

  proves(['Pushed requests (PAR)', 'client_secret_post'], 'pushes its requests', async (t) => {
    const { config, parameters, redeem, signIn } = await startOpenidClient(t, {
      registration: { requirePushedAuthorization: true },
      authentication: client.ClientSecretPost('secret'),
    })

    const url = await client.buildAuthorizationUrlWithPAR(config, parameters)
    const tokens = await redeem(url)

    assert.deepEqual([...url.searchParams.keys()].sort(), ['client_id', 'request_uri'])
    assert.equal(tokens.claims()?.sub, 'alice')
    await assert.rejects(signIn(), { error: 'invalid_request' })
  })

  proves(['Signed requests, pushed'], 'signs its requests and pushes them', async (t) => {
    const { registration, ...rest } = signingClient
    const { config, parameters, redeem } = await startOpenidClient(t, {
      ...rest,
      registration: { ...registration, requirePushedAuthorization: true },
    })
    const signed = await client.buildAuthorizationUrlWithJAR(config, parameters, key)

    const url = await client.buildAuthorizationUrlWithPAR(config, signed.searchParams)
    const tokens = await redeem(url)

    assert.deepEqual([...url.searchParams.keys()].sort(), ['client_id', 'request_uri'])
    assert.equal(tokens.claims()?.sub, 'alice')
    const unsigned = client.buildAuthorizationUrlWithPAR(config, parameters)
    await assert.rejects(unsigned, { error: 'invalid_request' })
  })
})
