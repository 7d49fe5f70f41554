import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { policySource } from './policy-source.ts'

describe('policySource', () => {
  for (const [uri, source] of [
    ['https://app.example/x?y=z', 'https://app.example'],
    ['https://app.example:8443/x', 'https://app.example:8443'],
    ['HTTP://LOCALHOST:5001', 'http://localhost:5001'],
    ['http://127.0.0.1:1/', 'http://127.0.0.1:1'],
    ['http://[::1]:8080/x', 'http:'],
    ['com.example.app:/x', 'com.example.app:'],
    ['https://a;script-src.example/', 'https:'],
    ["https://a'b,c.example/", 'https:'],
  ] as const)
    it(`is ${source} for ${uri}`, () => assert.equal(policySource(uri), source))
})
