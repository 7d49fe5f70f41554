import assert from 'node:assert/strict'

import { describeKind, isServed, type RequestKind } from './request-kind.ts'

/** What came of hostile requests. */
export interface Tally {
  /** @param answer As it came over the wire: empty, when there was none. */
  count(kind: RequestKind, answer: string): void
  /** A line for each kind, with the share that was served as if nothing was done to it: the lowest first. */
  describe(): string[]
  /**
   * Asserts that enough of each kind were served, and few of all got no answer.
   *
   * @returns the shares in words
   */
  requireShares(): string
}

/** Shares of each kind, and of all. */
const leastServed = 0.1
const mostUnanswered = 0.05

interface Count {
  sent: number
  served: number
  readonly statuses: Map<string, number>
}

export function createTally(): Tally {
  const counts = new Map<RequestKind, Count>()

  const lowestFirst = () => [...counts].sort(([, a], [, b]) => shareServed(a) - shareServed(b))
  const sum = (read: (count: Count) => number) =>
    [...counts.values()].reduce((total, count) => total + read(count), 0)

  return {
    count(kind, answer) {
      const count = counts.get(kind) ?? { sent: 0, served: 0, statuses: new Map() }
      const status = /^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 'none'
      count.sent++
      if (isServed(kind, answer)) count.served++
      count.statuses.set(status, (count.statuses.get(status) ?? 0) + 1)
      counts.set(kind, count)
    },

    describe: () =>
      lowestFirst().map(([kind, count]) => {
        const statuses = [...count.statuses].sort().map((pair) => pair.join(' × '))
        return `${describeShare(kind, count)} (${statuses.join(', ')})`
      }),

    requireShares() {
      const [lowest] = lowestFirst()
      assert.ok(lowest !== undefined, 'nothing was sent')
      const least = describeShare(...lowest)
      assert.ok(shareServed(lowest[1]) >= leastServed, `too few were served: ${least}`)
      const sent = sum((count) => count.sent)
      const unanswered = sum(({ statuses }) => statuses.get('none') ?? 0) / sent
      assert.ok(unanswered <= mostUnanswered, `a share of ${unanswered} got no answer`)
      const served = sum((count) => count.served) / sent
      return `${percent(served)} served, ${percent(unanswered)} reset; the fewest of ${least}`
    },
  }
}

function shareServed({ served, sent }: Count): number {
  return served / sent
}

/** Such as `12.5 % of 80 GET /grants → 200 Where you are signed in`. */
function describeShare(kind: RequestKind, count: Count): string {
  return `${percent(shareServed(count))} of ${count.sent} ${describeKind(kind)}`
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`
}
