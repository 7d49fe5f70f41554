import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { memoryKeys } from '../test-support/memory-keys.ts'
import { readConfiguration } from './configuration.ts'
import { inMemoryClients, inMemoryResources, openKeyRing } from './index.ts'

const keys = await openKeyRing({ store: memoryKeys(), algorithms: ['ES256'] })
keys.close()
const configuration = {
  clients: inMemoryClients([]),
  resources: inMemoryResources({ identityResources: [], apiScopes: [], apiResources: [] }),
  keys,
  options: {
    accessTokenSigningAlgorithm: 'ES256',
    identityTokenSigningAlgorithm: 'ES256',
    introspectionSigningAlgorithm: 'ES256',
  },
} as const

describe('readConfiguration', () => {
  for (const issuer of [
    'https://login.example',
    'https://login.example:8443/tenant',
    'http://localhost:5001',
    'http://[::1]:5001',
  ])
    it(`takes the issuer ${issuer}, whatever a request says`, () => {
      const host = readConfiguration({ ...configuration, issuer })

      assert.equal(host.at(() => 'https://evil.example').issuer, issuer)
    })

  for (const issuer of ['', undefined])
    it(`takes the issuer from each request when it is ${JSON.stringify(issuer)}`, () => {
      const host = readConfiguration({ ...configuration, ...(issuer !== undefined && { issuer }) })

      assert.equal(host.at(() => 'https://one.example').issuer, 'https://one.example')
      assert.equal(host.at(() => 'https://two.example').issuer, 'https://two.example')
    })

  for (const issuer of [
    'login.example',
    '/',
    'ftp://login.example',
    'javascript:alert(1)',
    'https://',
    'https:login.example',
    'https:\\\\login.example',
    'https://login.example\\tenant',
    'https://login.example/',
    'https://login.example/tenant/',
    'https://login.example?x=1',
    'https://login.example?',
    'https://login.example#x',
    'https://login.example#',
    'https://user@login.example',
    'https://:password@login.example',
    ' https://login.example',
    'https://login.example\n',
  ])
    it(`refuses the issuer ${JSON.stringify(issuer)}`, () => {
      assert.throws(() => readConfiguration({ ...configuration, issuer }), {
        message:
          `issuer is '${issuer}'; expected an http(s) URL without query, fragment, user name and ` +
          "trailing slash, such as 'https://login.example'",
      })
    })

  for (const option of Object.keys(configuration.options))
    it(`refuses a key ring that lacks the key for ${option}`, () => {
      const options = { ...configuration.options, [option]: 'RS256' }

      assert.throws(() => readConfiguration({ ...configuration, options }), {
        message: 'the key ring has no RS256 key',
      })
    })
})
