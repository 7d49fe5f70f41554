import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { decodeJwt, decodeProtectedHeader } from 'jose'

import { memoryUsers, webClient } from '../test-support/people.ts'
import { startSignIn } from '../test-support/sign-in.ts'
import { pushedRequestExample } from '../test-support/signed-examples.ts'
import { IdentityResources, sha256, sharedSecret } from './index.ts'

const { openid, profile } = IdentityResources

/** As the specifications print them, but for issuers, ids and keys, which each service has of its own. */
describe('with the users, clients and APIs of a specification, the token service', () => {
  it('issues the access token of RFC 9068 §3', async (t) => {
    const printed = {
      sub: '5ba552d67',
      aud: 'https://rs.example.com/',
      exp: 1639528912,
      iat: 1618354090,
      client_id: 's6BhdRkqt3',
      scope: 'openid profile reademail',
    }
    const { sub, client_id, scope, iat, exp } = printed
    const { issuer, keys, signInForTokens } = await startSignIn(t, {
      clients: [
        {
          ...webClient,
          clientId: client_id,
          allowedScopes: scope.split(' '),
          accessTokenLifetime: exp - iat,
        },
      ],
      resources: {
        identityResources: [openid, profile],
        apiScopes: [{ name: 'reademail' }],
        apiResources: [{ name: printed.aud, scopes: ['reademail'] }],
      },
      users: memoryUsers({ sub, claims: {} }),
      options: { accessTokenSigningAlgorithm: 'RS256' },
      now: () => iat * 1000,
    })

    const { tokens } = await signInForTokens({ client_id, scope }, { sub })

    const { typ, ...header } = decodeProtectedHeader(tokens.access_token)
    const { jti, ...claims } = decodeJwt(tokens.access_token)
    // Media types are compared without case: it is printed as at+JWT there.
    assert.equal(typ, 'at+jwt')
    assert.deepEqual(header, { alg: 'RS256', kid: keys.signingKey('RS256').kid })
    assert.partialDeepStrictEqual(claims, { ...printed, iss: issuer })
    assert.equal(typeof jti, 'string')
  })

  it('tells an API of a token in the signed answer of RFC 9701 §5', async (t) => {
    const person = { birthdate: '1982-02-01', given_name: 'John', family_name: 'Doe' }
    const printed = {
      active: true,
      aud: 'https://rs.example.com/resource',
      iat: 1514797822,
      exp: 1514797942,
      client_id: 'paiB2goo0a',
      scope: 'read write dolphin',
      sub: 'Z5O3upPC88QrAjx00dis',
      ...person,
    }
    const { sub, aud, client_id, scope, exp, iat } = printed
    const scopes = scope.split(' ')
    let seconds = iat
    const { issuer, keys, introspect, signInForTokens } = await startSignIn(t, {
      clients: [
        {
          ...webClient,
          clientId: client_id,
          allowedScopes: scopes,
          accessTokenType: 'reference',
          accessTokenLifetime: exp - iat,
        },
      ],
      resources: {
        identityResources: [],
        apiScopes: scopes.map((name) => ({ name })),
        apiResources: [
          {
            name: aud,
            scopes,
            userClaims: Object.keys(person),
            apiSecrets: [sharedSecret(sha256('api-secret'))],
          },
        ],
      },
      users: memoryUsers({ sub, claims: person }),
      now: () => seconds * 1000,
    })
    const { tokens } = await signInForTokens({ client_id, scope }, { sub })

    seconds = 1514797892
    const accept = 'application/token-introspection+jwt'
    const response = await introspect(tokens.access_token, {
      client_id: aud,
      secret: 'api-secret',
      headers: { accept },
    })

    const jwt = await response.text()
    const { token_introspection, ...claims } = decodeJwt(jwt)
    assert.equal(response.headers.get('content-type'), accept)
    assert.deepEqual(decodeProtectedHeader(jwt), {
      typ: 'token-introspection+jwt',
      alg: 'RS256',
      kid: keys.signingKey('RS256').kid,
    })
    // No sub and no exp here: nobody could take it for an access token.
    assert.deepEqual(claims, { iss: issuer, aud, iat: 1514797892 })
    assert.partialDeepStrictEqual(token_introspection, { ...printed, iss: issuer })
  })

  it('answers the pushed request of RFC 9126 §2.1 as in §2.2', async (t) => {
    const { iss: client_id, aud: _, ...request } = pushedRequestExample.claims
    const { pushRequest } = await startSignIn(t, {
      clients: [
        {
          ...webClient,
          clientId: client_id,
          redirectUris: [request.redirect_uri],
          allowedScopes: ['account-information'],
          pushedAuthorizationLifetime: 60,
        },
      ],
      resources: {
        identityResources: [],
        apiScopes: [{ name: 'account-information' }],
        apiResources: [],
      },
    })

    const response = await pushRequest({ ...request, scope: 'account-information' }, { client_id })

    const { request_uri, ...rest } = await response.json()
    assert.equal(response.status, 201)
    assert.equal(response.headers.get('content-type'), 'application/json')
    assert.match(String(request_uri), /^urn:ietf:params:oauth:request_uri:[\w-]+$/)
    assert.deepEqual(rest, { expires_in: 60 })
  })
})
