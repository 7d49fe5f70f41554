import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { registerResources } from './register-resources.ts'
import { IdentityResources, type Resources } from './resources.ts'
import { sha256, sharedSecret } from './secret.ts'

const valid: Resources = {
  identityResources: Object.values(IdentityResources),
  apiScopes: [{ name: 'scope1' }, { name: 'api2.read_only' }],
  apiResources: [
    { name: 'urn:api1', scopes: ['scope1'], apiSecrets: [sharedSecret(sha256('secret'))] },
    { name: 'scope1', scopes: [] },
  ],
}

describe('registerResources', () => {
  it('takes resources whose names are used once, and an API that is named like a scope', () => {
    assert.equal(registerResources(valid), valid)
  })

  for (const [change, message] of [
    [
      { apiScopes: [{ name: 'scope1' }, { name: 'scope1' }] },
      'scope scope1: name is used a second time',
    ],
    [
      { apiScopes: [{ name: 'scope1' }, { name: 'openid' }] },
      'scope openid: name is used a second time',
    ],
    [
      {
        apiResources: [
          { name: 'a', scopes: [] },
          { name: 'a', scopes: [] },
        ],
      },
      'API resource a: name is used a second time',
    ],
    [
      { apiScopes: [{ name: 'scope1' }, { name: 'a b' }] },
      'resource a b: name has a space, a quote, a backslash or nothing in it',
    ],
    [
      { apiResources: [{ name: '', scopes: [] }] },
      'resource : name has a space, a quote, a backslash or nothing in it',
    ],
    [
      { identityResources: [{ name: 'offline_access', userClaims: [] }] },
      'resource offline_access: name is reserved for refresh tokens',
    ],
    [
      { apiResources: [{ name: 'a', scopes: ['scope1', 'openid'] }] },
      "API resource a: scopes[1] is 'openid', which is no API scope",
    ],
    [
      { apiResources: [{ name: 'a', scopes: [], apiSecrets: [sharedSecret('secret')] }] },
      'API resource a: apiSecrets[0] is not the base64 of a SHA-256 or SHA-512; write sharedSecret(sha256(secret))',
    ],
    [
      {
        apiResources: [
          { name: 'a', scopes: [], allowedAccessTokenSigningAlgorithms: ['ES256', 'HS256'] },
        ],
      },
      "API resource a: allowedAccessTokenSigningAlgorithms[1] is 'HS256'; expected one of RS256, PS256, ES256, ES384",
    ],
  ] as [Partial<Resources>, string][])
    it(`refuses: ${message}`, () => {
      assert.throws(() => registerResources({ ...valid, ...change }), {
        name: 'ConfigurationError',
        message,
      })
    })
})
