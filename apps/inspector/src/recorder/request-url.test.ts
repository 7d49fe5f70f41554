import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { readRequestUrl } from './request-url.ts'

describe('the URL of a request', () => {
  for (const [target, server, url] of [
    ['/path?a=b', 'https://localhost:44303', 'https://localhost:44303/path?a=b'],
    ['*', 'http://localhost:5001', 'http://localhost:5001/*'],
    ['//', 'http://localhost:5001', 'http://localhost:5001//'],
    ['//host/path', 'http://localhost:5001', 'http://localhost:5001//host/path'],
    ['http://proxied:8080/path', 'http://localhost:5001', 'http://proxied:8080/path'],
    ['/path', 'http://a b', 'http://localhost/path'],
    ['http://a b/', 'http://localhost:5001', 'http://localhost:5001/'],
  ] as const)
    it(`of ${target} at ${server} is ${url}`, () => {
      assert.equal(readRequestUrl(target, server), url)
    })
})
