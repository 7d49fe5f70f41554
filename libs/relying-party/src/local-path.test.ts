import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { localPath } from './local-path.ts'

describe('localPath', () => {
  for (const path of [
    '/',
    '/secure',
    '/a/b?c=d&e=%2F',
    '/?next=//evil.example',
    '/%2F/evil.example',
  ])
    it(`keeps ${path}`, () => assert.equal(localPath(path), path))

  for (const value of [
    '',
    'secure',
    'https://evil.example',
    'https:evil.example',
    'javascript:alert(1)',
    '//evil.example',
    '//evil.example/path',
    '///evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    '/\\/evil.example',
    '/.//evil.example',
    '/a/..//evil.example',
    '/%2e//evil.example',
    '/%2E%2E//evil.example',
    '//user@evil.example/',
    '//[',
  ])
    it(`takes ${JSON.stringify(value)} for /`, () => assert.equal(localPath(value), '/'))

  it('takes for / what does not fit into a cookie', () => {
    assert.equal(localPath(`/${'a'.repeat(1_999)}`).length, 2_000)
    assert.equal(localPath(`/${'a'.repeat(2_000)}`), '/')
    assert.equal(localPath(`/${'ä'.repeat(400)}`), '/')
    assert.equal(localPath(`/?${'\\'.repeat(999)}`).length, 1_001)
    assert.equal(localPath(`/?${'\\'.repeat(1_000)}`), '/')
  })

  it('is a path of the same server for a browser, whatever it is given', () => {
    const characters = [
      '/',
      '\\',
      '.',
      '%2e',
      '%2f',
      '%5c',
      '\t',
      '@',
      ':',
      '?',
      '#',
      'evil.example',
    ]
    for (const a of characters)
      for (const b of characters)
        for (const c of characters)
          for (const d of characters) {
            const path = localPath(`/${a}${b}${c}${d}evil.example`)
            assert.equal(new URL(path, 'https://app.example').host, 'app.example', path)
          }
  })
})
