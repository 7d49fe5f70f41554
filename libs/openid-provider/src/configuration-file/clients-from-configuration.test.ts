import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import {
  documentedClients,
  documentedConfiguration,
  documentedResources,
} from '../../test-support/documented-clients.ts'
import { ConfigurationError, describeProblem, noSecretYet, sha256, sha512 } from '../index.ts'
import { registerClient } from '../model/register-client.ts'
import { clientFromConfiguration, clientsFromConfiguration } from './clients-from-configuration.ts'

const now = Date.UTC(2026, 0, 1)

/** As the original's documents show it, with what a reader has to put in left out. */
const documentedFragment = `"IdentityServer": {
  "IssuerUri": "",
  "Clients": [
    {
      "Enabled": true,
      "ClientId": "local-dev",
      "ClientName": "Local Development",
      "ClientSecrets": [ { "Value": "" } ],
      "AllowedGrantTypes": [ "client_credentials" ],
      "AllowedScopes": [ "api1" ], // trailing commas and comments are as .NET takes them
    }
  ]
}`

/** The first client of a configuration that holds these properties and no more than it must. */
function readProperties(properties: string) {
  const { clients, warnings } = clientsFromConfiguration(
    `{"IdentityServer": {"Clients": [{
      "ClientId": "m2m", "AllowedGrantTypes": ["authorization_code"], "RequireClientSecret": false,
      "RedirectUris": ["https://app.example/cb"], ${properties} }]}}`,
    { now },
  )
  return { client: clients[0], warnings: warnings.map(describeProblem) }
}

describe('clientsFromConfiguration', () => {
  it('reads the registrations of the documents as they are in TypeScript', () => {
    const { clients, resources, issuer } = clientsFromConfiguration(documentedConfiguration, {
      now,
    })

    const expected = Object.values(documentedClients)
    assert.deepEqual(clients, expected)
    assert.deepEqual(clients.map(registerClient), expected.map(registerClient))
    assert.deepEqual(resources, documentedResources)
    assert.equal(issuer, '')
  })

  it('warns of a secret that nothing can match', () => {
    const { warnings } = clientsFromConfiguration(documentedConfiguration, { now })

    assert.deepEqual(warnings.map(describeProblem), [
      'client local-dev: Clients[4].ClientSecrets[0].Value is empty, which no secret matches; expected the base64 of the SHA-256 of a secret',
    ])
  })

  it('takes the fragment of the documents as it stands', () => {
    const { clients, warnings } = clientsFromConfiguration(documentedFragment)

    assert.deepEqual(clients, [documentedClients.localDev])
    assert.deepEqual(
      warnings.map(({ path }) => path),
      ['Clients[0].ClientSecrets[0].Value', 'Clients[0].AllowedScopes[0]'],
    )
  })

  it('takes the fragment with a comment before and after it', () => {
    const { clients } = clientsFromConfiguration(
      `// from "appsettings.json"\n/* "as it is" */ ${documentedFragment} // its end`,
    )

    assert.deepEqual(clients, [documentedClients.localDev])
  })

  it('takes a file that begins with a byte order mark', () => {
    const { clients } = clientsFromConfiguration(`\uFEFF${documentedConfiguration}`, { now })

    assert.equal(clients.length, Object.keys(documentedClients).length)
  })

  it('takes what the documents ask their reader to replace for a secret still to come', () => {
    const { client, warnings } = readProperties(
      '"ClientSecrets": [{"Value": "<the hash goes here>"}]',
    )

    assert.deepEqual(client?.clientSecrets, [noSecretYet])
    assert.deepEqual(warnings, [
      'client m2m: Clients[0].ClientSecrets[0].Value is a placeholder, which no secret matches; expected the base64 of the SHA-256 of a secret',
    ])
  })

  it('takes a key without a value for a secret still to come', () => {
    const { client } = readProperties('"ClientSecrets": [{"Type": "JWK", "Value": ""}]')

    assert.deepEqual(client?.clientSecrets, [noSecretYet])
  })

  it('takes names of properties in any case', () => {
    const { client, warnings } = readProperties(
      '"allowofflineaccess": true, "REQUIRECONSENT": true',
    )

    assert.equal(client?.allowOfflineAccess, true)
    assert.equal(client?.requireConsent, true)
    assert.deepEqual(warnings, [])
  })

  for (const [json, expected] of [
    ['"AccessTokenType": "reference"', { accessTokenType: 'reference' }],
    ['"AccessTokenType": "JWT"', { accessTokenType: 'jwt' }],
    ['"AccessTokenType": 1', { accessTokenType: 'reference' }],
    ['"AccessTokenType": "0"', { accessTokenType: 'jwt' }],
    ['"RefreshTokenUsage": "onetimeonly"', { refreshTokenUsage: 'oneTimeOnly' }],
    ['"RefreshTokenUsage": 1', { refreshTokenUsage: 'oneTimeOnly' }],
    ['"RefreshTokenExpiration": 0', { refreshTokenExpiration: 'sliding' }],
    ['"RefreshTokenExpiration": "Absolute"', { refreshTokenExpiration: 'absolute' }],
    ['"AllowOfflineAccess": "True"', { allowOfflineAccess: true }],
    ['"IncludeJwtId": "false"', { includeJwtId: false }],
    ['"AccessTokenLifetime": "75"', { accessTokenLifetime: 75 }],
    ['"Properties": {"a": "b", "n": 1}', { properties: { a: 'b', n: '1' } }],
    ['"ClientClaimsPrefix": ""', { clientClaimsPrefix: '' }],
    ['"Claims": [{"Type": "t", "Value": "v"}]', { claims: [{ type: 't', value: 'v' }] }],
    [
      '"Claims": [{"Type": "t", "Value": "7", "ValueType": "http://www.w3.org/2001/XMLSchema#integer"}]',
      { claims: [{ type: 't', value: 7 }] },
    ],
    [
      '"Claims": [{"Type": "t", "Value": "True", "ValueType": "http://www.w3.org/2001/XMLSchema#boolean"}]',
      { claims: [{ type: 't', value: true }] },
    ],
    [
      '"Claims": [{"Type": "t", "Value": "-1.5e3", "ValueType": "http://www.w3.org/2001/XMLSchema#double"}]',
      { claims: [{ type: 't', value: -1500 }] },
    ],
    [
      '"Claims": [{"Type": "t", "Value": "False", "ValueType": "boolean"}]',
      { claims: [{ type: 't', value: false }] },
    ],
    ['"LogoUri": "data:image/png;base64,AA=="', { logoUri: 'data:image/png;base64,AA==' }],
    ['"AccessTokenLifetime": 3155760000', { accessTokenLifetime: 3_155_760_000 }],
    [
      `"ClientSecrets": [{"type": "sharedsecret", "VALUE": "${sha512('s')}", "Description": ""}]`,
      { clientSecrets: [{ type: 'SharedSecret', value: sha512('s') }] },
    ],
    [
      `"ClientSecrets": [{"Value": "${sha256('s')}", "Expiration": "2030-01-31"}]`,
      {
        clientSecrets: [
          { type: 'SharedSecret', value: sha256('s'), expiration: new Date('2030-01-31') },
        ],
      },
    ],
    [
      `"ClientSecrets": [{"Value": "${sha256('s')}", "Expiration": "2030-01-31T12:00:00"}]`,
      {
        clientSecrets: [
          { type: 'SharedSecret', value: sha256('s'), expiration: new Date('2030-01-31T12:00Z') },
        ],
      },
    ],
  ] as const)
    it(`reads ${json} as .NET does`, () => {
      const { client } = readProperties(json)

      assert.deepEqual({ ...client, ...expected }, client)
    })

  for (const nothing of [
    '"ClientUri": ""',
    '"LogoUri": null',
    '"AllowPlainTextPkce": false',
    '"ProtocolType": "oidc"',
    '"EnableLocalLogin": true',
    '"IdentityProviderRestrictions": []',
    '"RequireDPoP": null',
  ])
    it(`takes ${nothing} for nothing said`, () => {
      const { client, warnings } = readProperties(nothing)

      assert.deepEqual(Object.keys(client ?? {}), [
        'clientId',
        'allowedGrantTypes',
        'requireClientSecret',
        'redirectUris',
      ])
      assert.deepEqual(warnings, [])
    })

  for (const [json, path, message] of [
    [
      '"AlowOfflineAccess": true',
      'AlowOfflineAccess',
      'is no property and is ignored; is AllowOfflineAccess meant?',
    ],
    ['"colour": "red"', 'colour', 'is no property and is ignored'],
    ['"DeviceCodeLifetime": 300', 'DeviceCodeLifetime', 'is ignored; there is no device flow'],
    [
      '"AllowedScopes": ["nope"]',
      'AllowedScopes[0]',
      "is 'nope', which is no scope; register it in ApiScopes or IdentityResources",
    ],
    [
      `"ClientSecrets": [{"Value": "${sha256('s')}", "Expiration": "2020-01-31"}]`,
      'ClientSecrets[0].Expiration',
      'is 2020-01-31T00:00:00.000Z, which is past; the secret is not accepted',
    ],
    [
      `"ClientSecrets": [{"Value": "${sha256('s')}", "Typ": "JWK"}]`,
      'ClientSecrets[0].Typ',
      'is no property and is ignored; is Type meant?',
    ],
    [
      '"PostLogoutRedirectUris": ["https://app.example/*"]',
      'PostLogoutRedirectUris[0]',
      "is 'https://app.example/*', which matches itself alone: * is no wildcard, so register each one that is used",
    ],
    [
      '"RequestUris": ["https://app.example/**/object"]',
      'RequestUris[0]',
      "is 'https://app.example/**/object', which matches itself alone: * is no wildcard, so register each one that is used",
    ],
  ] as const)
    it(`warns of ${json.slice(0, 40)}`, () => {
      assert.deepEqual(readProperties(json).warnings, [`client m2m: Clients[0].${path} ${message}`])
    })

  it('does not warn of an asterisk in a name or a query', () => {
    const uris = '["https://app.example/a*b?all=/*"]'

    assert.deepEqual(readProperties(`"PostLogoutRedirectUris": ${uris}`).warnings, [])
  })

  it('warns of a grant that is not served beside one that is', () => {
    const { warnings } = clientsFromConfiguration(
      `{"IdentityServer": {"Clients": [{"ClientId": "old", "RequireClientSecret": false,
      "RedirectUris": ["https://app.example/cb"],
      "AllowedGrantTypes": ["authorization_code", "urn:ietf:params:oauth:grant-type:device_code"]}]}}`,
    )

    assert.deepEqual(warnings.map(describeProblem), [
      "client old: Clients[0].AllowedGrantTypes[1] is 'urn:ietf:params:oauth:grant-type:device_code', a grant that is not served here; expected one of authorization_code, client_credentials, hybrid, implicit, refresh_token",
    ])
  })

  it('warns of what is not built, and of lists that it does not know', () => {
    const { warnings } = clientsFromConfiguration(
      '{"identityserver": {"Client": [], "apiscopes": [{"Name": "a", "Properties": {"b": "c"}}]}}',
    )

    assert.deepEqual(warnings.map(describeProblem), [
      'IdentityServer: Client is no property and is ignored; is Clients meant?',
      'API scope a: apiscopes[0].Properties is ignored; only clients have properties of their own',
    ])
  })

  it('lets clients use the scopes that are registered already', () => {
    const { warnings } = clientsFromConfiguration(
      `{"IdentityServer": {"Clients": [{"ClientId": "a", "AllowedGrantTypes": ["authorization_code"],
      "RequireClientSecret": false, "RedirectUris": ["https://a.example/"], "AllowedScopes": ["api1"]}]}}`,
      { besides: { clients: [], resources: documentedResources } },
    )

    assert.deepEqual(warnings, [])
  })
})

describe('clientFromConfiguration', () => {
  it('reads one client', () => {
    const json = `{"ClientId": "service.client", "ClientSecrets": [{"Value": "${sha256('secret')}"}],
      "AllowedGrantTypes": ["client_credentials"], "AllowedScopes": ["api1", "api2.read_only"]}`

    assert.deepEqual(clientFromConfiguration(json), {
      client: documentedClients.serviceClient,
      warnings: [],
    })
  })

  for (const [found, json] of [
    ['a list', '[{"ClientId": "a"}]'],
    ['a whole configuration', '{"IdentityServer": {"Clients": [{"ClientId": "a"}]}}'],
    ['a whole configuration', '"identityServer": {}'],
    ['a whole configuration', '{"Clients": [{"ClientId": "a"}]}'],
  ] as const)
    it(`says that ${json} is not one client`, () => {
      assert.throws(() => clientFromConfiguration(json), {
        name: 'ConfigurationError',
        message: `client: JSON is ${found}; expected one client alone, such as {"ClientId": "…"}`,
      })
    })

  it('refuses one with every mistake', () => {
    assert.throws(
      () => clientFromConfiguration('{"ClientId": "a", "RequirePkce": 1, "RequireDPoP": true}'),
      (error) => {
        assert.ok(error instanceof ConfigurationError)
        assert.deepEqual(
          error.problems.map(({ path }) => path),
          ['RequireDPoP', 'AllowedGrantTypes', 'RequirePkce'],
        )
        return true
      },
    )
  })
})
