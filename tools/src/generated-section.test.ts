import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { replaceSection } from './generated-section.ts'

const marks = { start: '<!-- generated -->', end: '<!-- end -->' }
const path = 'docs/page.md'

describe('the generated section of a page', () => {
  it('is replaced, and nothing around it', () => {
    const text = 'Before.\n\n<!-- generated -->\n\nOld.\n\n<!-- end -->\n\nBehind.\n'

    assert.equal(
      replaceSection({ path, text }, marks, 'New.'),
      'Before.\n\n<!-- generated -->\n\nNew.\n\n<!-- end -->\n\nBehind.\n',
    )
  })

  for (const text of ['Nothing.', marks.start, marks.end, `${marks.end}\n${marks.start}`])
    it(`has no place in ${JSON.stringify(text)}`, () => {
      assert.throws(() => replaceSection({ path, text }, marks, 'New.'), /docs\/page\.md must hold/)
    })
})
