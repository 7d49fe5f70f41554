import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { describe, it } from 'node:test'

import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose'

import { webClient } from '../../test-support/people.ts'
import { startSignIn } from '../../test-support/sign-in.ts'
import { createTokenHash } from './id-token.ts'

const now = Date.UTC(2030, 0, 1)
const iat = now / 1000

describe('ID Token', () => {
  it('says who signed in, when, how and where, and for whom that is', async (t) => {
    const { issuer, keys, signInForTokens } = await startSignIn(t, { now: () => now })
    const { tokens } = await signInForTokens(
      { nonce: 'n-1' },
      { sub: 'alice', amr: ['pwd', 'otp'] },
    )

    const jwks = createRemoteJWKSet(new URL(`${issuer}/.well-known/openid-configuration/jwks`))
    const { payload, protectedHeader } = await jwtVerify(tokens.id_token, jwks, {
      currentDate: new Date(now),
    })

    const { sid, at_hash, ...claims } = payload
    const { kid } = keys.signingKey('RS256')
    assert.deepEqual(protectedHeader, { alg: 'RS256', kid, typ: 'JWT' })
    assert.match(String(sid), /^[\w-]{22}$/)
    assert.equal(at_hash, createTokenHash(tokens.access_token, 'RS256'))
    assert.deepEqual(claims, {
      iss: issuer,
      aud: 'web',
      sub: 'alice',
      nbf: iat,
      iat,
      exp: iat + 300,
      auth_time: iat,
      idp: 'local',
      amr: ['pwd', 'otp'],
      nonce: 'n-1',
    })
  })

  it('has a nonce only when the request had one', async (t) => {
    const { signInForTokens } = await startSignIn(t)
    const { tokens } = await signInForTokens()

    assert.equal('nonce' in decodeJwt(tokens.id_token), false)
  })

  it('has the session in common with the access token', async (t) => {
    const { signInForTokens } = await startSignIn(t)
    const { tokens } = await signInForTokens({ scope: 'openid scope1' })
    const { sid, auth_time } = decodeJwt(tokens.access_token)

    const idToken = decodeJwt(tokens.id_token)

    assert.deepEqual([idToken.sid, idToken.auth_time], [sid, auth_time])
  })

  it('leaves claims about the user to userinfo', async (t) => {
    const { signInForTokens } = await startSignIn(t)
    const { tokens } = await signInForTokens({ scope: 'openid profile' })

    assert.equal('name' in decodeJwt(tokens.id_token), false)
  })

  it('has those of the scopes for a client that is registered so', async (t) => {
    const clients = [{ ...webClient, clientId: 'web', alwaysIncludeUserClaimsInIdToken: true }]
    const { signInForTokens } = await startSignIn(t, { clients })
    const { tokens } = await signInForTokens({ scope: 'openid profile' })

    const { name, email } = decodeJwt(tokens.id_token)

    assert.deepEqual([name, email], ['Alice', undefined])
  })

  it('lives as long as the registration says', async (t) => {
    const clients = [{ ...webClient, clientId: 'web', identityTokenLifetime: 60 }]
    const { signInForTokens } = await startSignIn(t, { clients, now: () => now })
    const { tokens } = await signInForTokens()

    assert.equal(decodeJwt(tokens.id_token).exp, iat + 60)
  })

  it('is signed as the host says', async (t) => {
    const options = { identityTokenSigningAlgorithm: 'ES256' } as const
    const { signInForTokens } = await startSignIn(t, { options })
    const { tokens } = await signInForTokens()

    assert.equal(decodeProtectedHeader(tokens.id_token).alg, 'ES256')
  })
})

describe('access token of a user', () => {
  it('has the claims that its APIs ask for, and no others', async (t) => {
    const { signInForTokens } = await startSignIn(t)
    const scope = 'openid profile email'

    const without = await signInForTokens({ scope: `${scope} scope1` })
    const withRole = await signInForTokens({ scope: `${scope} scope2` })

    assert.equal('role' in decodeJwt(without.tokens.access_token), false)
    const { role, name, email } = decodeJwt(withRole.tokens.access_token)
    assert.deepEqual([role, name, email], ['admin', undefined, undefined])
  })

  it('says that the user is its subject, and which client has it', async (t) => {
    const { signInForTokens } = await startSignIn(t)
    const { tokens } = await signInForTokens({ scope: 'openid scope1' })

    const { sub, client_id, aud } = decodeJwt(tokens.access_token)

    assert.deepEqual([sub, client_id, aud], ['alice', 'web', 'urn:api1'])
  })
})

describe('createTokenHash', () => {
  it('is the one that OIDC Core prints', () => {
    const access_token = 'jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y'

    assert.equal(createTokenHash(access_token, 'RS256'), '77QmUPtjPfzWtF2AnpK9RQ')
  })

  it('is the one that OIDC Core prints for a code', () => {
    const code = 'Qcb0Orv1zh30vL1MPRsbm-diHiMwcLyZvn1arpZv-Jxf_11jnpEX3Tgfvk'

    assert.equal(createTokenHash(code, 'RS256'), 'LDktKdoQak3Pk0cnXxCltA')
  })

  for (const [alg, algorithm, bytes] of [
    ['ES256', 'sha256', 16],
    ['ES384', 'sha384', 24],
    ['PS256', 'sha256', 16],
  ] as const)
    it(`is the left half of ${algorithm} for ${alg}`, () => {
      const expected = hash(algorithm, 'token', 'buffer').subarray(0, bytes).toString('base64url')

      assert.equal(createTokenHash('token', alg), expected)
    })
})
