import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { Ajv2020 } from 'ajv/dist/2020.js'

import { documentedConfiguration } from '../../test-support/documented-clients.ts'
import { createConfigurationJsonSchema } from './configuration-json-schema.ts'

const schema = createConfigurationJsonSchema()
const validate = new Ajv2020({ allowUnionTypes: true, validateFormats: false }).compile(schema)

/** What the schema finds wrong with a client of these properties. */
function findErrors(properties: object) {
  const client = { ClientId: 'a', AllowedGrantTypes: ['client_credentials'], ...properties }
  validate({ IdentityServer: { Clients: [client] } })
  return validate.errors?.map(({ instancePath, message }) => `${instancePath} ${message}`) ?? []
}

describe('the JSON Schema of configuration files', () => {
  it('takes the registrations of the documents', () => {
    validate(JSON.parse(documentedConfiguration))

    assert.equal(validate.errors, null)
  })

  it('takes values as .NET does', () => {
    assert.deepEqual(findErrors({ RequirePkce: 'true', AccessTokenLifetime: '75' }), [])
  })

  for (const [name, properties, error] of [
    [
      'a property that is misspelled',
      { AlowOfflineAccess: true },
      ' must NOT have additional properties',
    ],
    ['a text in place of a list', { AllowedScopes: 'a' }, '/AllowedScopes must be array'],
    [
      'a name that an enumeration does not have',
      { AccessTokenType: 'Opaque' },
      '/AccessTokenType must be equal to one of the allowed values',
    ],
    [
      'the type of a secret by number',
      { ClientSecrets: [{ Type: 0, Value: 'a' }] },
      '/ClientSecrets/0/Type must be string',
    ],
    [
      'a secret without a value',
      { ClientSecrets: [{ Type: 'JWK' }] },
      "/ClientSecrets/0 must have required property 'Value'",
    ],
  ] as const)
    it(`refuses ${name}`, () => {
      assert.deepEqual(findErrors(properties), [`/IdentityServer/Clients/0${error}`])
    })

  it('describes every property, with the names that JSON has', () => {
    const { $defs } = schema as {
      $defs: Record<string, { properties: Record<string, { description?: string }> }>
    }

    const described = Object.entries($defs).flatMap(([kind, { properties }]) =>
      Object.entries(properties).map(([name, { description }]) => ({ kind, name, description })),
    )
    assert.ok(described.length > 70, `${described.length} properties`)
    assert.deepEqual(
      described.filter(({ description = '' }) => description === ''),
      [],
    )
    assert.equal(
      $defs.Client?.properties.FrontChannelLogoutSessionRequired?.description,
      'Default true: `iss` and `sid` are added to `FrontChannelLogoutUri`.',
    )
  })
})
