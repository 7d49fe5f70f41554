import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { isLocalPath } from './browser-response.ts'

const here = 'https://login.example'

describe('isLocalPath', () => {
  for (const path of [
    '/',
    '/grants',
    '/a/b?c=d&e=%2F%2F#f',
    '/connect/authorize/callback?id=x',
    '/.//x',
    '/a//b',
    '/@x',
    '/:x',
    '/%5cevil.example',
    '/a?b=https://evil.example/',
  ])
    it(`takes ${path}, which leads here`, () => {
      assert.equal(isLocalPath(path), true)
      assert.equal(new URL(path, here).origin, here)
    })

  const elsewhere = [
    ...[
      '//evil.example',
      '///evil.example',
      '/\\evil.example',
      '\\\\evil.example',
      '\\/evil.example',
    ],
    ...[
      'https://evil.example',
      'https:evil.example',
      'javascript:alert(1)',
      'data:,x',
      'evil.example',
    ],
    ...[
      '/\t/evil.example',
      '/\n/evil.example',
      '/\r/evil.example',
      '\t//evil.example',
      ' //evil.example',
    ],
    ...[
      '/\t\\evil.example',
      '\u0000//evil.example',
      '\u00a0//evil.example',
      '\ufeff//evil.example',
    ],
    ...[
      '/a\\b',
      '/\\\\evil.example',
      '/a\r\nSet-Cookie: x=y',
      '/a b',
      '/\u0000',
      '/a\n',
      '',
      '?x',
      '#x',
      'x',
    ],
    ...['/\u2044evil.example', '/\uff0fevil.example', '/\uff3cevil.example', '/caf\u00e9'],
  ]
  for (const text of elsewhere)
    it(`refuses ${JSON.stringify(text)}`, () => assert.equal(isLocalPath(text), false))

  it('takes nothing that leads away, of all short texts of the characters that matter', () => {
    const characters = [
      '/',
      '\\',
      '\t',
      '\n',
      '\r',
      ' ',
      '.',
      ':',
      '@',
      '?',
      '#',
      'x',
      '\u0000',
      '%2f',
    ]
    const texts = [1, 2, 3, 4].reduce<string[][]>(
      (all) => [...all, (all.at(-1) ?? []).flatMap((text) => characters.map((one) => text + one))],
      [['']],
    )

    const taken = texts.flat().filter((text) => isLocalPath(`${text}evil.example`))

    assert.ok(taken.length > 500, `${taken.length} taken`)
    for (const text of taken) assert.equal(new URL(`${text}evil.example`, here).origin, here)
  })
})
