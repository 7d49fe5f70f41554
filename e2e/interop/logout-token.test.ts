import assert from 'node:assert/strict'
import { text } from 'node:stream/consumers'
import { describe } from 'node:test'

import { createRemoteJWKSet, jwtVerify } from 'jose'

import { between } from './capabilities.ts'
import { listening } from './support/listening.ts'
import { startOpenidClient } from './support/start-openid-client.ts'

describe('a logout token of the token service, checked with jose', () => {
  const proves = between('openid-provider', 'jose', import.meta.filename)

  proves(['Back-channel logout'], 'names the session that has ended', async (t) => {
    const received = Promise.withResolvers<URLSearchParams>()
    const { url } = await listening(t, async (req, res) => {
      received.resolve(new URLSearchParams(await text(req)))
      res.end()
    })
    const { issuer, config, signIn, signOut } = await startOpenidClient(t, {
      registration: { backChannelLogoutUri: `${url}/backchannel-logout` },
    })
    const tokens = await signIn()

    await signOut(tokens.id_token ?? '')

    const jwt = (await received.promise).get('logout_token') ?? ''
    const keys = createRemoteJWKSet(new URL(config.serverMetadata().jwks_uri ?? ''))
    const { payload } = await jwtVerify(jwt, keys, {
      issuer,
      audience: 'client',
      typ: 'logout+jwt',
      requiredClaims: ['iat', 'exp', 'jti'],
    })
    assert.deepEqual(payload.events, { 'http://schemas.openid.net/event/backchannel-logout': {} })
    assert.equal(payload.sub, 'alice')
    assert.equal(payload.sid, tokens.claims()?.sid)
    assert.equal(payload.nonce, undefined)
  })
})
