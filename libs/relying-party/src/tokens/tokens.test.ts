import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { TokenEndpointResponse, TokenEndpointResponseHelpers } from 'openid-client'

import {
  AnotherUserError,
  createNarrowedTokens,
  createRefreshedTokens,
  createTokens,
  type Tokens,
} from './tokens.ts'

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
      requested_at: 1000,
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
      'requested_at',
      'token_type',
    ])
  })

  it('needs an ID Token', () => {
    assert.throws(() => createTokens(createResponse(), 1000), TypeError)
  })
})

const before: Tokens = {
  access_token: 'old',
  token_type: 'bearer',
  requested_at: 0,
  expires_at: 1,
  scope: 'openid scope1',
  refresh_token: 'old',
  id_token,
}

describe('createRefreshedTokens', () => {
  it('takes what is new and keeps what the response leaves out', () => {
    assert.deepEqual(createRefreshedTokens(before, createResponse({ expires_in: 60 }), 1000), {
      ...before,
      access_token: 'new',
      requested_at: 1000,
      expires_at: 1060,
    })
    assert.deepEqual(
      createRefreshedTokens(before, createResponse({ refresh_token: 'r', scope: 'openid' }), 1000),
      {
        access_token: 'new',
        token_type: 'bearer',
        requested_at: 1000,
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

    assert.throws(() => createRefreshedTokens(before, response, 1000), AnotherUserError)
  })

  it('keeps the tokens for parts of what was granted', () => {
    const tokens = { ...before, narrowed: { part: before } }

    assert.deepEqual(createRefreshedTokens(tokens, createResponse(), 1000).narrowed, {
      part: before,
    })
  })
})

describe('createNarrowedTokens', () => {
  const access = { access_token: 'new', token_type: 'bearer', requested_at: 1000 }

  it('adds an access token, drops what has expired and takes a new refresh token', () => {
    const alive = { ...access, expires_at: 1001 }
    const dead = { ...access, expires_at: 1000 }
    const tokens = { ...before, narrowed: { alive, dead } }
    const response = createResponse({ expires_in: 60, scope: 'openid', refresh_token: 'r' })

    assert.deepEqual(createNarrowedTokens(tokens, 'part', response, 1000, 300), {
      ...before,
      refresh_token: 'r',
      narrowed: { alive, part: { ...access, expires_at: 1060, scope: 'openid' } },
    })
  })

  it('takes a token that does not say how long it lives for one that lives as long as assumed', () => {
    const alive = { ...access, requested_at: 701 }
    const dead = { ...access, requested_at: 700 }
    const tokens = { ...before, narrowed: { alive, dead } }

    const { narrowed } = createNarrowedTokens(tokens, 'part', createResponse(), 1000, 300)

    assert.deepEqual(narrowed, { alive, part: access })
  })

  it('does not take the scope of the whole for that of the part', () => {
    const { refresh_token, narrowed } = createNarrowedTokens(
      before,
      'part',
      createResponse(),
      1000,
      300,
    )

    assert.equal(refresh_token, 'old')
    assert.deepEqual(narrowed, { part: access })
  })

  it('refuses tokens of another user', () => {
    const response = createResponse({ id_token: 'new' }, 'bob')

    assert.throws(() => createNarrowedTokens(before, 'part', response, 1000, 300), AnotherUserError)
  })
})
