import { hash, randomInt } from 'node:crypto'

import { expect } from './checks.ts'
import type { Answer } from './connection.ts'
import type { Operation } from './operations.ts'

/** How many answers of a round are looked at closely: the first, the last and others by chance. */
const closely = 20

/**
 * Checks the answers of one server, round by round: of all that they issue that it is issued once, and of some
 * everything.
 *
 * @param url of the server
 */
export function checkAnswers(
  { check, issued }: Pick<Operation, 'check' | 'issued'>,
  url: string,
): (answers: readonly Answer[]) => Promise<void> {
  // Their hashes, since there are many.
  const seen = new Set<string>()

  function requireNew(text: string): void {
    const hashed = hash('sha256', text, 'base64url')
    expect(!seen.has(hashed), `the same again: ${text}`)
    seen.add(hashed)
  }

  return async (answers) => {
    for (const answer of someOf(answers)) await check(answer, url)
    if (issued !== undefined) for (const answer of answers) requireNew(issued(answer))
  }
}

function someOf(answers: readonly Answer[]): Set<Answer> {
  const some = new Set(answers.length > closely ? [] : answers)
  const others = Array.from({ length: closely - 2 }, () => answers[randomInt(answers.length)])
  for (const answer of [answers[0], ...others, answers.at(-1)])
    if (answer !== undefined) some.add(answer)
  return some
}
