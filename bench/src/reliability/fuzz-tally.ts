import assert from 'node:assert/strict'

import { describeKind, isServed, type RequestKind } from './request-kind.ts'

/** What came of hostile requests. */
export interface Tally {
  /**
   * @param isAltered Whether what was sent is not what it would be if nothing was done to it.
   * @param answer As it came over the wire: empty, when there was none.
   */
  count(kind: RequestKind, isAltered: boolean, answer: string): void
  /** A line for each kind, with the share that was served as if nothing was done to it: the lowest first. */
  describe(): string[]
  /**
   * Asserts that enough of all and of each kind were altered, that enough of each kind were served nevertheless, and
   * that few of all got no answer.
   *
   * @returns the shares in words
   */
  requireShares(): string
}

/** Requests of a kind, below which a share of them says nothing. */
const enoughSent = 20
/** Shares of each kind, or of all. Without parameters less can be altered, hence less `ofEach`. */
const leastAltered = { ofEach: 0.6, ofAll: 0.85 }
const leastServed = 0.1
const mostUnanswered = 0.05

interface Count {
  sent: number
  altered: number
  served: number
  readonly statuses: Map<string, number>
}

type Part = 'altered' | 'served'

export function createTally(): Tally {
  const counts = new Map<RequestKind, Count>()

  const lowestFirst = (part: Part) =>
    [...counts].sort(([, a], [, b]) => a[part] / a.sent - b[part] / b.sent)
  const sum = (read: (count: Count) => number) =>
    [...counts.values()].reduce((total, count) => total + read(count), 0)
  const shareOf = (read: (count: Count) => number) => sum(read) / sum(({ sent }) => sent)

  /** Asserts that the part is large enough of each kind: the kind of which it is the smallest. */
  function requireOfEach(part: Part, least: number): string {
    const lowest = lowestFirst(part).find(([, { sent }]) => sent >= enoughSent)
    assert.ok(lowest !== undefined, 'too few were sent')
    const [kind, count] = lowest
    const described = describeShare(kind, count, part)
    assert.ok(count[part] / count.sent >= least, `too few were ${part}: ${described}`)
    return described
  }

  return {
    count(kind, isAltered, answer) {
      const count = counts.get(kind) ?? { sent: 0, altered: 0, served: 0, statuses: new Map() }
      const status = /^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 'none'
      count.sent++
      if (isAltered) count.altered++
      if (isServed(kind, answer)) count.served++
      count.statuses.set(status, (count.statuses.get(status) ?? 0) + 1)
      counts.set(kind, count)
    },

    describe: () =>
      lowestFirst('served').map(([kind, count]) => {
        const statuses = [...count.statuses].sort().map((pair) => pair.join(' × '))
        const altered = `${percent(count.altered / count.sent)} altered`
        return `${describeShare(kind, count, 'served')} (${[altered, ...statuses].join(', ')})`
      }),

    requireShares() {
      const least = {
        altered: requireOfEach('altered', leastAltered.ofEach),
        served: requireOfEach('served', leastServed),
      }
      const altered = shareOf((count) => count.altered)
      assert.ok(altered >= leastAltered.ofAll, `only a share of ${altered} was altered`)
      const unanswered = shareOf(({ statuses }) => statuses.get('none') ?? 0)
      assert.ok(unanswered <= mostUnanswered, `a share of ${unanswered} got no answer`)
      const served = shareOf((count) => count.served)
      return [
        `${percent(altered)} altered, the fewest of ${least.altered}`,
        `${percent(served)} served, the fewest of ${least.served}`,
        `${percent(unanswered)} reset`,
      ].join('; ')
    },
  }
}

/** Such as `12.5 % of 80 GET /grants → 200 Where you are signed in`. */
function describeShare(kind: RequestKind, count: Count, part: Part): string {
  return `${percent(count[part] / count.sent)} of ${count.sent} ${describeKind(kind)}`
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`
}
