/**
 * The name that somebody may have meant, or undefined when none is near: at most a third of its
 * letters differ.
 */
export function closestName(name: string, names: readonly string[]): string | undefined {
  const [closest] = names
    .map((candidate) => ({ candidate, distance: countEdits(name, candidate) }))
    .filter(({ candidate, distance }) => distance <= candidate.length / 3)
    .sort((one, other) => one.distance - other.distance)
  return closest?.candidate
}

/** Letters to insert, delete or replace, whatever their case (the Levenshtein distance). */
function countEdits(one: string, other: string): number {
  const from = one.toLowerCase()
  const to = other.toLowerCase()
  let row = Array.from({ length: to.length + 1 }, (_each, index) => index)
  for (const [index, letter] of [...from].entries()) {
    const next = [index + 1]
    for (const [column, above = 0] of row.slice(1).entries()) {
      const replaced = (row[column] ?? 0) + (to[column] === letter ? 0 : 1)
      next.push(Math.min(above + 1, (next[column] ?? 0) + 1, replaced))
    }
    row = next
  }
  return row.at(-1) ?? 0
}
