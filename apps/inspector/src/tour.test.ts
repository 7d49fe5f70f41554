import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'

import { scenarios } from '@basics/sample-kit'

import { tour } from './tour.ts'

const page = readFileSync(new URL('../../../docs/tour.md', import.meta.url), 'utf8')
const words = page.replaceAll(/\s+/g, ' ')

describe('the tour', () => {
  it('stops at every scenario', () => {
    const missing = scenarios.filter(({ name }) => !(name in tour))

    assert.deepEqual(missing, [])
  })

  it('marks as code what is to be typed, or stands so on the wire', () => {
    for (const text of Object.values(tour).flatMap<string>(Object.values)) {
      assert.equal(text.split('`').length % 2, 1, text)
      assert.doesNotMatch(text.replaceAll(/`[^`]+`/g, ''), /[=_/‘’]|npx|curl/)
    }
  })

  it('is the same in docs/tour.md, and in the order of the lessons', () => {
    for (const [name, { watch, breakIt, see }] of Object.entries(tour))
      for (const text of [`**Watch** ${watch}`, `**Break it:** ${breakIt}`, `**Then** ${see}`])
        assert.ok(words.includes(text), `${name}: ${text}`)

    const places = scenarios.map(({ name }) => page.indexOf(`[${name}](../apps/${name})`))
    assert.ok(places.every((place) => place > 0))
    assert.deepEqual(
      places,
      places.toSorted((a, b) => a - b),
    )
  })
})
