import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import type { Client } from './client.ts'
import { ConfigurationError } from './configuration-error.ts'
import { GrantTypes } from './grant-types.ts'
import { isRegistered, registerClient } from './register-client.ts'
import { sha256, sharedSecret } from './secret.ts'

const clientSecrets = [sharedSecret(sha256('secret'))]
const machine: Client = {
  clientId: 'machine',
  clientSecrets,
  allowedGrantTypes: GrantTypes.clientCredentials,
}
const web: Client = {
  clientId: 'web',
  clientSecrets,
  allowedGrantTypes: GrantTypes.code,
  redirectUris: ['https://app.example/cb'],
}

describe('isRegistered', () => {
  it('knows what was registered, and takes no copy for it', () => {
    const client = registerClient(machine)

    assert.equal(isRegistered(client), true)
    assert.equal(isRegistered({ ...client, accessTokenLifetime: 0 }), false)
    assert.equal(isRegistered(structuredClone(client)), false)
    assert.equal(isRegistered(Object.create(client)), false)
    assert.equal(isRegistered(machine), false)
  })
})

describe('registerClient', () => {
  it('completes a client with the defaults of the original', () => {
    const {
      clientId,
      allowedGrantTypes,
      clientSecrets: secrets,
      ...defaults
    } = registerClient(machine)

    assert.deepEqual(
      [clientId, allowedGrantTypes, secrets],
      Object.values({
        clientId: 'machine',
        allowedGrantTypes: ['client_credentials'],
        clientSecrets,
      }),
    )
    assert.deepEqual(defaults, {
      enabled: true,
      requireClientSecret: true,
      strictAssertionAudience: true,
      allowedScopes: [],
      allowOfflineAccess: false,
      redirectUris: [],
      postLogoutRedirectUris: [],
      frontChannelLogoutSessionRequired: true,
      backChannelLogoutSessionRequired: true,
      allowedCorsOrigins: [],
      requirePkce: true,
      requireRequestObject: false,
      requestUris: [],
      requirePushedAuthorization: false,
      allowAccessTokensViaBrowser: false,
      requireConsent: false,
      allowRememberConsent: true,
      accessTokenType: 'jwt',
      accessTokenLifetime: 3600,
      identityTokenLifetime: 300,
      authorizationCodeLifetime: 300,
      refreshTokenUsage: 'reUse',
      refreshTokenExpiration: 'absolute',
      absoluteRefreshTokenLifetime: 2592000,
      slidingRefreshTokenLifetime: 1296000,
      alwaysIncludeUserClaimsInIdToken: false,
      includeJwtId: true,
      claims: [],
      alwaysSendClientClaims: false,
      clientClaimsPrefix: 'client_',
      properties: {},
    })
  })

  for (const [name, client] of [
    ['a machine', machine],
    ['a web application', web],
    [
      'every combination of grants',
      { ...web, allowedGrantTypes: GrantTypes.hybridAndClientCredentials },
    ],
    ['a public client', { ...web, clientSecrets: [], requireClientSecret: false }],
    [
      'an implicit client without a secret',
      { ...web, clientSecrets: [], allowedGrantTypes: GrantTypes.implicit },
    ],
    [
      'an implicit client that has no use for PKCE',
      { ...web, clientSecrets: [], allowedGrantTypes: GrantTypes.implicit, requirePkce: false },
    ],
    ['a grant type of the host', { ...machine, allowedGrantTypes: ['urn:example:grant'] }],
    ['an id with a space', { ...machine, clientId: 'my client' }],
    ['origins', { ...machine, allowedCorsOrigins: ['https://app.example'] }],
  ] as [string, Client][])
    it(`takes ${name}`, () => {
      assert.doesNotThrow(() => registerClient(client))
    })

  for (const [base, change, path, message] of [
    [machine, { clientId: '' }, 'clientId', 'is not a text of 1 to 100 printable ASCII characters'],
    [
      machine,
      { clientId: 'c'.repeat(101) },
      'clientId',
      'is not a text of 1 to 100 printable ASCII characters',
    ],
    [
      machine,
      { clientId: 'a\nb' },
      'clientId',
      'is not a text of 1 to 100 printable ASCII characters',
    ],
    [
      machine,
      { allowedGrantTypes: [] },
      'allowedGrantTypes',
      'is empty; name at least one, see GrantTypes',
    ],
    [
      machine,
      { allowedGrantTypes: ['client credentials'] },
      'allowedGrantTypes[0]',
      "is 'client credentials'; a grant type has no spaces",
    ],
    [
      web,
      { allowedGrantTypes: ['password'] },
      'allowedGrantTypes[0]',
      "is 'password', which shows the password to the client and is not there; use GrantTypes.code",
    ],
    [
      machine,
      { allowedGrantTypes: ['a', 'b', 'a'] },
      'allowedGrantTypes[2]',
      "is 'a' a second time",
    ],
    [
      web,
      { allowedGrantTypes: ['implicit', 'authorization_code'] },
      'allowedGrantTypes',
      'has implicit and authorization_code; choose one of them',
    ],
    [
      web,
      { allowedGrantTypes: ['implicit', 'hybrid'] },
      'allowedGrantTypes',
      'has implicit and hybrid; choose one of them',
    ],
    [
      web,
      { allowedGrantTypes: ['authorization_code', 'hybrid'] },
      'allowedGrantTypes',
      'has authorization_code and hybrid; choose one of them',
    ],
    [
      machine,
      { clientSecrets: [] },
      'clientSecrets',
      'is empty, and client_credentials needs a secret or a key',
    ],
    [
      machine,
      { clientSecrets: [], requireClientSecret: false },
      'clientSecrets',
      'is empty, and client_credentials needs a secret or a key',
    ],
    [
      web,
      { clientSecrets: [] },
      'clientSecrets',
      'is empty; add one, or set requireClientSecret: false',
    ],
    [
      machine,
      { clientSecrets: [...clientSecrets, sharedSecret('secret')] },
      'clientSecrets[1]',
      'is not the base64 of a SHA-256 or SHA-512; write sharedSecret(sha256(secret))',
    ],
    [
      machine,
      { allowedScopes: ['scope1', 'my scope'] },
      'allowedScopes[1]',
      "is 'my scope'; a scope has no spaces, quotes or backslashes",
    ],
    [
      machine,
      { allowedScopes: ['offline_access'] },
      'allowedScopes[0]',
      "is 'offline_access'; set allowOfflineAccess: true instead",
    ],
    [
      machine,
      { allowedScopes: ['scope1', 'scope1'] },
      'allowedScopes[1]',
      "is 'scope1' a second time",
    ],
    [
      web,
      { redirectUris: [] },
      'redirectUris',
      'is empty, and the grant types need somewhere to redirect to',
    ],
    [
      web,
      { redirectUris: ['https://app.example/', '/cb'] },
      'redirectUris[1]',
      "is '/cb', not an absolute URI such as 'https://app.example/x'",
    ],
    [
      web,
      { redirectUris: ['javascript:alert(1)'] },
      'redirectUris[0]',
      "is 'javascript:alert(1)'; the scheme javascript: is not allowed",
    ],
    [
      web,
      { postLogoutRedirectUris: ['data:x'] },
      'postLogoutRedirectUris[0]',
      "is 'data:x'; the scheme data: is not allowed",
    ],
    [
      web,
      { frontChannelLogoutUri: 'x' },
      'frontChannelLogoutUri',
      "is 'x', not an absolute URI such as 'https://app.example/x'",
    ],
    [
      web,
      { frontChannelLogoutUri: 'com.example.app:/logout' },
      'frontChannelLogoutUri',
      "is 'com.example.app:/logout'; it must be an http or https URL",
    ],
    ...[
      'http://app.example/logout',
      'https://app.example:8443/logout',
      'https://other.example/logout',
      'https://app.example.other.example/logout',
    ].map(
      (uri) =>
        [
          web,
          { frontChannelLogoutUri: uri },
          'frontChannelLogoutUri',
          `is '${uri}'; scheme, host and port must be those of one of the redirectUris`,
        ] as const,
    ),
    [
      web,
      { backChannelLogoutUri: 'https://app.example/#x' },
      'backChannelLogoutUri',
      "is 'https://app.example/#x'; it must have no fragment",
    ],
    [
      web,
      { backChannelLogoutUri: 'com.example.app:/logout' },
      'backChannelLogoutUri',
      "is 'com.example.app:/logout'; it must be an http or https URL",
    ],
    [
      web,
      {
        backChannelLogoutUri: 'http://app.example/logout',
        requireClientSecret: false,
        refreshTokenUsage: 'oneTimeOnly',
      },
      'backChannelLogoutUri',
      "is 'http://app.example/logout'; a public client needs https",
    ],
    [
      machine,
      { allowedCorsOrigins: ['https://app.example/'] },
      'allowedCorsOrigins[0]',
      "is 'https://app.example/'; an origin is http or https, host and port alone, such as 'https://app.example'",
    ],
    [
      machine,
      { accessTokenType: 'Reference' },
      'accessTokenType',
      "is 'Reference'; jwt and reference exist",
    ],
    [
      machine,
      { accessTokenLifetime: 0 },
      'accessTokenLifetime',
      'is 0; it is a positive whole number of seconds',
    ],
    ...[
      'accessTokenLifetime',
      'absoluteRefreshTokenLifetime',
      'slidingRefreshTokenLifetime',
      'consentLifetime',
    ].map((name) => [
      machine,
      { [name]: 3_155_760_001 },
      name,
      'is 3155760001; it is at most 3155760000 seconds, 100 years',
    ]),
    [
      machine,
      {
        claims: [
          { type: 'a', value: 1 },
          { type: '', value: 1 },
        ],
      },
      'claims[1].type',
      'is empty; it is the name of the claim',
    ],
    [
      machine,
      { claims: [{ type: 'a', value: Number.NaN }] },
      'claims[0].value',
      'is NaN, which JSON cannot hold',
    ],
    [
      web,
      {
        postLogoutRedirectUris: ['https://a.example/', 'https://b.example/', 'https://a.example/'],
      },
      'postLogoutRedirectUris[2]',
      "is 'https://a.example/' a second time",
    ],
    [
      web,
      { logoUri: 'data:text/html,x' },
      'logoUri',
      "is 'data:text/html,x'; expected an http or https URL, or a data: URL of an image",
    ],
    [
      machine,
      { identityTokenLifetime: -1 },
      'identityTokenLifetime',
      'is -1; it is a positive whole number of seconds',
    ],
    [
      machine,
      { authorizationCodeLifetime: 1.5 },
      'authorizationCodeLifetime',
      'is 1.5; it is a positive whole number of seconds',
    ],
    [
      machine,
      { requireClientSecret: false },
      'requireClientSecret',
      'is false, and client_credentials needs authentication',
    ],
    [
      web,
      { clientSecrets: [], requireClientSecret: false, requirePkce: false },
      'requirePkce',
      'is false; a public client needs PKCE',
    ],
    [
      web,
      { refreshTokenUsage: 'OneTimeOnly' },
      'refreshTokenUsage',
      "is 'OneTimeOnly'; reUse and oneTimeOnly exist",
    ],
    [
      web,
      { clientSecrets: [], requireClientSecret: false, refreshTokenUsage: 'reUse' },
      'refreshTokenUsage',
      'is reUse; a public client needs oneTimeOnly',
    ],
    [
      web,
      { refreshTokenExpiration: 'Sliding' },
      'refreshTokenExpiration',
      "is 'Sliding'; absolute and sliding exist",
    ],
    [
      web,
      { absoluteRefreshTokenLifetime: 0 },
      'absoluteRefreshTokenLifetime',
      'is 0, which only refreshTokenExpiration sliding allows',
    ],
    [
      web,
      { absoluteRefreshTokenLifetime: -1 },
      'absoluteRefreshTokenLifetime',
      'is -1; it is a whole number of seconds',
    ],
    [
      web,
      { slidingRefreshTokenLifetime: 0 },
      'slidingRefreshTokenLifetime',
      'is 0; it is a positive whole number of seconds',
    ],
  ] as unknown as [Client, Partial<Client>, string, string][])
    it(`refuses ${JSON.stringify(change).slice(0, 80)}, naming the client and the property`, () => {
      const client = { ...base, ...change }

      assert.throws(
        () => registerClient(client),
        (error) => {
          assert.ok(error instanceof ConfigurationError)
          assert.deepEqual(error.problems, [
            { subject: `client ${client.clientId}`, path, message },
          ])
          const subject = `client ${client.clientId}`.replace('\n', ' ')
          assert.equal(error.message, `${subject}: ${path} ${message}`)
          return true
        },
      )
    })

  it('lets a refresh token of a public client be used once, unless told otherwise', () => {
    const { refreshTokenUsage } = registerClient({
      ...web,
      clientSecrets: [],
      requireClientSecret: false,
    })

    assert.equal(refreshTokenUsage, 'oneTimeOnly')
  })

  it('refuses what is not of the kind that TypeScript would have asked for', () => {
    const client = { ...machine, requirePkce: 'false' } as unknown as Client

    assert.throws(() => registerClient(client), {
      message:
        'client machine: requirePkce is a string; expected is a boolean, or no such property',
    })
  })

  it('names every mistake', () => {
    const client = { ...machine, accessTokenLifetime: 0, allowedScopes: ['my scope'] }

    assert.throws(() => registerClient(client), {
      message: [
        "client machine: allowedScopes[0] is 'my scope'; a scope has no spaces, quotes or backslashes",
        'client machine: accessTokenLifetime is 0; it is a positive whole number of seconds',
      ].join('\n'),
    })
  })
})
