/** @import { Summary } from '../traffic/summary.ts' */

/** How far back a cause is looked for: exchanges that are under way at the same time. */
const horizon = 200

/**
 * Which scenario each exchange belongs to: the one that takes part in it, that it is about, or that
 * caused it. What a browser does at the token service in between belongs to what it did before.
 *
 * @param {readonly Summary[]} summaries In the order in which they began.
 * @param {readonly string[]} scenarios Their names.
 * @returns {Map<number, string>} By the id of the exchange; nothing for what no scenario caused.
 */
export function assignScenarios(summaries, scenarios) {
  const names = new Set(scenarios)
  /** @type {Map<number, string>} */
  const assigned = new Map()
  /** @type {string | undefined} */
  let browsing

  summaries.forEach((summary, index) => {
    const earlier = summaries.slice(Math.max(0, index - horizon), index)
    const cause = earlier.findLast((candidate) => isCause(candidate, summary))
    const scenario =
      [summary.from, summary.to, summary.client_id].find((name) => name && names.has(name)) ??
      (cause && assigned.get(cause.id)) ??
      (summary.from === 'browser' ? browsing : undefined)
    if (scenario === undefined) return
    assigned.set(summary.id, scenario)
    if (summary.from === 'browser') browsing = scenario
  })
  return assigned
}

/**
 * Whether one exchange made another necessary: who answers the first asks the second meanwhile.
 *
 * @param {Summary} candidate
 * @param {Summary} summary
 */
function isCause(candidate, summary) {
  return (
    candidate.to === summary.from &&
    candidate.startedAt <= summary.startedAt &&
    summary.endedAt <= candidate.endedAt
  )
}
