import type { Page } from './pages.ts'

/** The lines before and behind the part of a page that is generated. */
export interface Marks {
  readonly start: string
  readonly end: string
}

/**
 * The text of a page with what stands between two marks made anew.
 *
 * @throws {Error} when the page has no place for it.
 */
export function replaceSection(
  { path, text }: Page,
  { start, end }: Marks,
  section: string,
): string {
  const from = text.indexOf(start)
  const to = text.indexOf(end, from)
  if (from === -1 || to === -1) throw new Error(`${path} must hold "${start}" and then "${end}"`)
  return `${text.slice(0, from)}${start}\n\n${section}\n\n${text.slice(to)}`
}
