import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { checkAnswers } from './check-answers.ts'
import type { Answer } from './connection.ts'

const url = 'http://localhost'
const issued = ({ body }: Answer) => body
const answersOf = (...bodies: (string | number)[]): Answer[] =>
  bodies.map((body) => ({ status: 200, head: '', body: String(body) }))
const many = answersOf(...Array.from({ length: 100 }).keys())

describe('answers', () => {
  it('are checked, the first, the last and some between', async () => {
    const checked: string[] = []
    const check = async ({ body }: Answer, issuer: string) => {
      assert.equal(issuer, url)
      checked.push(body)
    }

    await checkAnswers({ check }, url)(many)
    assert.ok(checked.includes('0') && checked.includes('99'))
    assert.ok(checked.length > 2 && checked.length <= 20)

    checked.length = 0
    await checkAnswers({ check }, url)(answersOf(1, 2, 3))
    assert.deepEqual(checked.sort(), ['1', '2', '3'])
  })

  it('issue nothing twice, neither in one round nor in two', async () => {
    const inOne = checkAnswers({ check() {}, issued }, url)
    await assert.rejects(inOne([...many, ...answersOf(50)]), /the same again: 50$/)

    const inTwo = checkAnswers({ check() {}, issued }, url)
    await inTwo(many)
    await assert.rejects(inTwo(answersOf(100, 7)), /the same again: 7$/)
  })
})
