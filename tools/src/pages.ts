import { globSync, readFileSync } from 'node:fs'

/** A Markdown file for readers. */
export interface Page {
  /** Relative to the workspace's folder, with forward slashes. */
  readonly path: string
  readonly text: string
}

/** A fenced block of a page: what stands between two lines of ```. */
export interface CodeBlock {
  readonly path: string
  /** The page's line on which the text begins, counted from 1. */
  readonly line: number
  /** The first word behind the fence, such as `ts`. */
  readonly language: string
  /** Whether `continues` stands behind the language: the text goes on from the block of it before. */
  readonly continues: boolean
  readonly text: string
}

/** The pages of the workspace in the folder `root`, by path: docs/, every README, and what stands beside the first. */
export function readPages(root: string): Page[] {
  return globSync('{README.md,CONTRIBUTING.md,SECURITY.md,docs/*.md,{apps,libs}/*/README.md}', {
    cwd: root,
  })
    .map((path) => path.replaceAll('\\', '/'))
    .sort()
    .map((path) => ({ path, text: readFileSync(root + path, 'utf8').replaceAll('\r\n', '\n') }))
}

/** Its blocks, in their order. */
export function readCodeBlocks({ path, text }: Page): CodeBlock[] {
  return [...text.matchAll(fenced)].map(({ index, groups }) => {
    const [language = '', ...rest] = (groups?.info ?? '').trim().split(' ')
    const line = text.slice(0, index).split('\n').length + 1
    return { path, line, language, continues: rest[0] === 'continues', text: groups?.code ?? '' }
  })
}

const fenced = /^ *```(?<info>.*)\n(?<code>(?:.*\n)*?) *```$/gm

/** What a reader sees as sentences and tables: the text without its blocks. */
export function readProse({ text }: Page): string {
  return text.replace(fenced, '')
}
