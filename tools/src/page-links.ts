import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path/posix'

import { type Page, readProse } from './pages.ts'

/**
 * Links of pages to files, and to headings, that are not in the workspace in the folder `root`:
 * `docs/page.md: ../libs/gone.ts`. Addresses of the web are not asked for.
 */
export function findBrokenLinks(pages: readonly Page[], root: string): string[] {
  return pages.flatMap((page) =>
    [...readProse(page).matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, target = '']) => target)
      .filter((target) => !/^https?:/.test(target) && !exists(target, page, root))
      .map((target) => `${page.path}: ${target}`),
  )
}

function exists(target: string, page: Page, root: string): boolean {
  const [path = '', fragment] = target.split('#')
  const file = path === '' ? page.path : join(dirname(page.path), path)
  if (file.startsWith('..') || !existsSync(root + file)) return false
  return fragment === undefined || readHeadings(root + file).includes(fragment)
}

/** The fragments that GitHub gives to the headings of a Markdown file. */
function readHeadings(file: string): string[] {
  const prose = readProse({ path: file, text: readFileSync(file, 'utf8') })
  return [...prose.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-'),
  )
}
