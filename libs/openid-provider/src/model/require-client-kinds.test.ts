import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { machine } from '../../test-support/registrations.ts'
import type { Client } from './client.ts'
import { requireClientKinds } from './require-client-kinds.ts'

const client = { ...machine, clientId: 'client' }

describe('requireClientKinds', () => {
  it('takes a client as TypeScript would have it, with properties of the host', () => {
    requireClientKinds(client)
    requireClientKinds({ ...client, enabled: false, clientName: 'A', tenant: null } as Client)
  })

  for (const [property, value, message] of [
    ['enabled', 0, 'is a number; expected is a boolean, or no such property'],
    ['requirePkce', 'false', 'is a string; expected is a boolean, or no such property'],
    ['redirectUris', null, 'is null; expected is a list, or no such property'],
    ['redirectUris', 'https://a.example', 'is a string; expected is a list, or no such property'],
    ['allowedCorsOrigins', undefined, 'is undefined; expected is a list, or no such property'],
    ['allowedGrantTypes', {}, 'is an object; expected is a list, or no such property'],
    ['accessTokenLifetime', '60', 'is a string; expected is a number, or no such property'],
  ] as const)
    it(`refuses ${property}: ${JSON.stringify(value)}`, () => {
      const wrong = { ...client, [property]: value } as unknown as Client

      assert.throws(() => requireClientKinds(wrong), {
        name: 'ConfigurationError',
        message: `client client: ${property} ${message}`,
      })
    })
})
