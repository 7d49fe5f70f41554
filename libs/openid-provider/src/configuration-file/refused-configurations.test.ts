import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { brokenConfigurations, machine } from '../../test-support/broken-configurations.ts'
import { ConfigurationError } from '../model/configuration-error.ts'
import { clientsFromConfiguration } from './clients-from-configuration.ts'

describe('a broken configuration', () => {
  for (const [name, section, ...said] of brokenConfigurations)
    it(`is refused with its path: ${name}`, () => {
      const json = JSON.stringify({ IdentityServer: section })

      assert.deepEqual(problemsIn(json), said)
    })

  const unreadable: [name: string, json: string, said: string][] = [
    ['nothing', '', 'JSON: line 1, column 1 has no value'],
    [
      'a comma too few',
      '{"IdentityServer": {}\n"Logging": {}}',
      'JSON: line 2, column 1 has no comma before it',
    ],
    [
      'a name without quotes',
      '{IdentityServer: {}}',
      'JSON: line 1, column 2 has what is no number, true, false or null, and not in double quotes',
    ],
    [
      'a value as Python writes it',
      '{"a": True}',
      'JSON: line 1, column 7 has what is no number, true, false or null, and not in double quotes',
    ],
    [
      'a number with a plus',
      '{"a": +3600}',
      'JSON: line 1, column 7 has what is no number, true, false or null, and not in double quotes',
    ],
    [
      'a number that breaks off',
      '{"a": 1.}',
      'JSON: line 1, column 7 has a number without its last digits',
    ],
    ['a name that is a number', '{1: 2}', 'JSON: line 1, column 2 has no name in double quotes'],
    [
      'a character by too few digits',
      String.raw`{"a": "\u12"}`,
      'JSON: line 1, column 7 has a \\u without four hexadecimal digits',
    ],
    [
      'a quote too few',
      '{"IdentityServer": "x',
      'JSON: line 1, column 20 has a text without its closing quote',
    ],
    ['a colon too few', '{"IdentityServer" {}}', 'JSON: line 1, column 19 has no colon before it'],
    ['a brace too few', '{"IdentityServer": {}', 'JSON: line 1, column 22 has no closing brace'],
    ['a bracket too few', '{"Clients": [{}', 'JSON: line 1, column 16 has no closing bracket'],
    ['a second value', '{} {}', 'JSON: line 1, column 4 has more after the end'],
    ['a comment without end', '{} /* x', 'JSON: line 1, column 4 has a comment without end'],
    [
      'a line break in a text',
      '{"Clients": "a\tb"}',
      'JSON: line 1, column 13 has a character that must be escaped, such as a tab or a line break',
    ],
    [
      'a backslash too many',
      String.raw`{"a": "\x"}`,
      'JSON: line 1, column 7 has a backslash before a character that takes none',
    ],
    [
      'a name twice',
      '{"IdentityServer": {"Clients": [],\n  "clients": []}}',
      "JSON: line 2, column 3 has 'clients' a second time",
    ],
    [
      'a name twice, in a section without braces',
      '// ours\n"IdentityServer": {"Clients": [], "clients": []}',
      "JSON: line 2, column 35 has 'clients' a second time",
    ],
    [
      'a comma too few, in the first line of a section without braces',
      '"IdentityServer": {"Clients": [] "ApiScopes": []}',
      'JSON: line 1, column 34 has no comma before it',
    ],
    [
      'brackets without end',
      '['.repeat(200_000),
      'JSON: line 1, column 101 has more than 100 levels of brackets',
    ],
    [
      'UTF-16, with its byte order mark',
      Buffer.from('\uFEFF{"IdentityServer": {}}', 'utf16le').toString(),
      'JSON: line 1, column 1 has another encoding than UTF-8',
    ],
    [
      'UTF-16, without',
      Buffer.from('{"IdentityServer": {}}', 'utf16le').toString(),
      'JSON: line 1, column 1 has another encoding than UTF-8',
    ],
  ]
  for (const [name, json, said] of unreadable)
    it(`is refused with its line: ${name}`, () => {
      assert.deepEqual(problemsIn(json), [`${said}; expected a JSON object, each name in it once`])
    })

  it('is refused without the section', () => {
    assert.deepEqual(problemsIn('{"Logging": {}}'), [
      'configuration: IdentityServer is missing; expected an object such as {"Clients": []}',
    ])
  })

  it('is refused when it takes names that are registered already', () => {
    const besides = {
      clients: [{ clientId: 'm2m', allowedGrantTypes: ['client_credentials'] }],
      resources: { identityResources: [], apiScopes: [{ name: 'a' }], apiResources: [] },
    }
    const json = JSON.stringify({
      IdentityServer: {
        Clients: [machine],
        IdentityResources: [{ Name: 'a', UserClaims: [] }],
        ApiResources: [{ Name: 'api', Scopes: ['a'] }],
      },
    })

    assert.deepEqual(problemsIn(json, { besides }), [
      'identity resource a: IdentityResources[0].Name is used a second time',
      "client m2m: Clients[0].ClientId is 'm2m', as of a client that is registered already; expected an id of its own",
    ])
  })

  it('is refused when it takes an id that is registered elsewhere', () => {
    const whereRegistered = (clientId: string) =>
      clientId === 'm2m' ? 'a client of the database' : undefined
    const json = JSON.stringify({
      IdentityServer: { clients: [{ ...machine, ClientId: 'other' }, machine] },
    })

    assert.deepEqual(problemsIn(json, { whereRegistered }), [
      "client m2m: clients[1].ClientId is 'm2m', as of a client of the database; expected an id of its own",
    ])
  })
})

function problemsIn(json: string, context = {}): string[] {
  try {
    clientsFromConfiguration(json, context)
    return []
  } catch (error) {
    assert.ok(error instanceof ConfigurationError, String(error))
    return error.message.split('\n')
  }
}
