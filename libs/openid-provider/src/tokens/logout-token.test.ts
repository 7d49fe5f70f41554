import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'

import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose'

import { startLogoutReceiver } from '../../test-support/logout-receiver.ts'
import { webClient } from '../../test-support/people.ts'
import { startSignIn } from '../../test-support/sign-in.ts'
import type { Client } from '../index.ts'

const now = Date.UTC(2030, 0, 1)
const event = 'http://schemas.openid.net/event/backchannel-logout'

/** A user signs in at a client and out again: the ID Token, and the logout token that the client gets. */
async function signInAndOut(t: TestContext, registration: Partial<Client> = {}) {
  const { uri, tokens } = await startLogoutReceiver(t)
  const client = { ...webClient, clientId: 'web', backChannelLogoutUri: uri, ...registration }
  const started = await startSignIn(t, { clients: [client], now: () => now })
  const signedIn = await started.signInForTokens()
  await signedIn.logOut()
  const [logout_token = ''] = tokens()
  return { ...started, id_token: signedIn.tokens.id_token, logout_token }
}

/**
 * A client's own checks, in the specification's order, with none of our code.
 *
 * @see {@link https://openid.net/specs/openid-connect-backchannel-1_0.html#Validation Back-Channel Logout §2.6}
 */
async function validateLogoutToken(logout_token: string, issuer: string, audience: string) {
  const keys = createRemoteJWKSet(new URL(`${issuer}/.well-known/openid-configuration/jwks`))
  const { payload } = await jwtVerify(logout_token, keys, {
    typ: 'logout+jwt',
    algorithms: ['RS256'],
    issuer,
    audience,
    requiredClaims: ['iat', 'exp', 'jti', 'events'],
    maxTokenAge: 120,
    currentDate: new Date(now),
  })
  assert.ok(payload.sub !== undefined || payload.sid !== undefined)
  assert.deepEqual((payload.events as Record<string, unknown>)[event], {})
  assert.equal('nonce' in payload, false)
  return payload
}

describe('logout token', () => {
  it('says which session of whom has ended', async (t) => {
    const { issuer, logout_token, id_token } = await signInAndOut(t)
    const { jti, ...claims } = decodeJwt(logout_token)

    assert.deepEqual(claims, {
      iss: issuer,
      aud: 'web',
      iat: now / 1000,
      exp: now / 1000 + 120,
      events: { [event]: {} },
      sub: 'alice',
      sid: decodeJwt(id_token).sid,
    })
    assert.match(String(jti), /^[\w-]{36}$/)
    assert.deepEqual(decodeProtectedHeader(logout_token), {
      ...decodeProtectedHeader(id_token),
      typ: 'logout+jwt',
    })
  })

  it('is accepted by a client that makes every check', async (t) => {
    const { issuer, logout_token, id_token } = await signInAndOut(t)

    const { sub } = await validateLogoutToken(logout_token, issuer, 'web')

    assert.equal(sub, 'alice')
    await assert.rejects(validateLogoutToken(logout_token, issuer, 'other'))
    await assert.rejects(validateLogoutToken(id_token, issuer, 'web'))
  })

  it('names the session also to a client that does not require it', async (t) => {
    const { logout_token, id_token } = await signInAndOut(t, {
      backChannelLogoutSessionRequired: false,
    })

    const { sub, sid } = decodeJwt(logout_token)
    assert.deepEqual([sub, sid], ['alice', decodeJwt(id_token).sid])
  })

  it('is no ID Token to this service either', async (t) => {
    const { request, logout_token } = await signInAndOut(t)
    const query = new URLSearchParams({ id_token_hint: logout_token })

    const response = await request(`/connect/endsession?${query}`)

    assert.deepEqual(await response.json(), { showSignoutPrompt: false })
  })
})
