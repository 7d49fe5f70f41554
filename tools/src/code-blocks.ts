import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { type CodeBlock, type Page, readCodeBlocks } from './pages.ts'
import { readProjects, workspaceRoot } from './projects.ts'

/** A block of TypeScript, with those that continue it. */
export interface Program {
  readonly path: string
  /** The page's line on which its first block begins. */
  readonly line: number
  /** Its lines stand where they stand on the page, so that an error names the page's line. */
  readonly text: string
}

/** The programs on a page: every block of `ts` begins one, unless it says that it continues the last. */
export function readPrograms(page: Page): Program[] {
  const programs: Program[] = []
  for (const block of readCodeBlocks(page).filter(({ language }) => language === 'ts')) {
    const before = block.continues ? programs.pop() : undefined
    const { line, text } = before ?? { line: block.line, text: '' }
    const gap = '\n'.repeat(block.line - text.split('\n').length)
    programs.push({ path: page.path, line, text: text + gap + block.text })
  }
  return programs
}

/**
 * Writes programs into a folder of their own inside the workspace, where they find its packages.
 *
 * @param use gets the folder and the path of each program in it; both are gone when it has returned
 */
export async function withFiles<Result>(
  programs: readonly Program[],
  use: (folder: string, files: readonly string[]) => Result | Promise<Result>,
): Promise<Result> {
  const parent = join(workspaceRoot, '.nx')
  mkdirSync(parent, { recursive: true })
  const folder = mkdtempSync(join(parent, 'code-blocks-'))
  try {
    const files = programs.map(({ text }, index) => {
      const file = join(folder, `${index}.ts`)
      writeFileSync(file, text)
      return file
    })
    return await use(folder, files)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** What the compiler says about the programs, with the workspace's options: `docs/page.md:12: TS2322: …`. */
export function findTypeErrors(programs: readonly Program[]): Promise<string[]> {
  return withFiles(programs, (folder, files) => {
    const options = { extends: join(workspaceRoot, 'tsconfig.base.json'), files }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(options))
    const tsc = fileURLToPath(import.meta.resolve('typescript/package.json'))
    const { status, stdout, error } = spawnSync(
      process.execPath,
      [join(tsc, '../bin/tsc'), '--noEmit', '--pretty', 'false'],
      { cwd: folder, encoding: 'utf8' },
    )
    if (error !== undefined) throw error
    const errors = stdout.split('\n').filter((line) => line !== '')
    if (status !== 0 && errors.length === 0) throw new Error(`tsc ended with ${status}`)
    return errors.map((line) => onThePage(line, programs))
  })
}

/** `0.ts(12,3): error TS2322: …`; what tells more about an error stands indented below it. */
function onThePage(error: string, programs: readonly Program[]): string {
  return error.replace(
    /^(\d+)\.ts\((\d+),\d+\): error /,
    (_all, index, line) => `${programs[index]?.path}:${line}: `,
  )
}

/** Blocks of `json` that are none, with the parser's complaint. */
export function findBrokenJson(pages: readonly Page[]): string[] {
  return pages.flatMap(readCodeBlocks).flatMap((block) => {
    const complaint = block.language === 'json' ? complaintAbout(block) : undefined
    return complaint === undefined ? [] : [`${block.path}:${block.line}: ${complaint}`]
  })
}

function complaintAbout({ text }: CodeBlock): string | undefined {
  try {
    JSON.parse(text)
    return undefined
  } catch (error) {
    return String(error)
  }
}

/** Commands of Nx that pages tell to type, in blocks or in sentences, for targets that are not there. */
export function findUnknownTargets(pages: readonly Page[], root: string): string[] {
  const projects = new Map(readProjects(root).map(({ name, targets }) => [name, targets]))
  return pages.flatMap(({ path, text }) =>
    [...text.matchAll(/\bnpx nx (?:run ([\w-]+):([\w-]+)|serve ([\w-]+))/g)]
      .filter(([, project, target = 'serve', served]) => {
        const targets = projects.get(project ?? served ?? '')
        return targets === undefined || !(target in targets)
      })
      .map(([command]) => `${path}: ${command}`),
  )
}
