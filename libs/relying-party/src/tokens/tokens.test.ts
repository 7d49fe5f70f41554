import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { TokenEndpointResponse, TokenEndpointResponseHelpers } from 'openid-client'

import { createRefreshedTokens, createTokens } from './tokens.ts'

type TokenResponse = TokenEndpointResponse & TokenEndpointResponseHelpers

function createResponse(members: Partial<TokenEndpointResponse> = {}, sub = ''): TokenResponse {
  const claims = () => (sub === '' ? undefined : { iss: 'i', sub, aud: 'a', iat: 1, exp: 2 })
  const response: TokenEndpointResponse = { access_token: 'new', token_type: 'bearer', ...members }
  return Object.assign(response, { claims, expiresIn: () => 0 })
}

const id_token = `e30.${Buffer.from('{"sub":"alice"}').toString('base64url')}.s`

describe('createTokens', () => {
  it('turns a lifetime into a time', () => {
    const response = createResponse({
      id_token,
      expires_in: 60,
      refresh_token: 'r',
      scope: 'openid',
    })

    assert.deepEqual(createTokens(response, 1000.9), {
      access_token: 'new',
      token_type: 'bearer',
      expires_at: 1060,
      scope: 'openid',
      refresh_token: 'r',
      id_token,
    })
  })

  it('has nothing that the response does not have', () => {
    assert.deepEqual(Object.keys(createTokens(createResponse({ id_token }), 1000)).sort(), [
      'access_token',
      'id_token',
      'token_type',
    ])
  })

  it('needs an ID Token', () => {
    assert.throws(() => createTokens(createResponse(), 1000), TypeError)
  })
})

describe('createRefreshedTokens', () => {
  const before = {
    access_token: 'old',
    token_type: 'bearer',
    expires_at: 1,
    scope: 'openid scope1',
    refresh_token: 'old',
    id_token,
  }

  it('takes what is new and keeps what the response leaves out', () => {
    assert.deepEqual(createRefreshedTokens(before, createResponse({ expires_in: 60 }), 1000), {
      ...before,
      access_token: 'new',
      expires_at: 1060,
    })
    assert.deepEqual(
      createRefreshedTokens(before, createResponse({ refresh_token: 'r', scope: 'openid' }), 1000),
      {
        access_token: 'new',
        token_type: 'bearer',
        scope: 'openid',
        refresh_token: 'r',
        id_token,
      },
      'an unknown lifetime is not that of the old token',
    )
  })

  it('keeps the ID Token of the sign-in', () => {
    const response = createResponse({ id_token: 'new' }, 'alice')

    assert.equal(createRefreshedTokens(before, response, 1000).id_token, id_token)
  })

  it('refuses tokens of another user', () => {
    const response = createResponse({ id_token: 'new' }, 'bob')

    assert.throws(() => createRefreshedTokens(before, response, 1000), /another user/)
  })
})
