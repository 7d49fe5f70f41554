import { existsSync, mkdirSync, readdirSync, realpathSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path'

import { workspaceRoot } from './projects.ts'

/** A repository that was made beforehand, and nothing else, is as good as an empty folder. */
const welcome = '.git'

/**
 * What speaks against filling a folder: a sentence, or undefined when nothing does.
 *
 * @param folder absolute; need not be there
 */
export function findObstacle(folder: string): string | undefined {
  if (isInside(resolveLinks(folder), realpathSync.native(workspaceRoot)))
    return `${folder} is inside this workspace: name a folder outside`
  const existing = statSync(folder, { throwIfNoEntry: false })
  if (existing === undefined) return undefined
  if (!existing.isDirectory()) return `${folder} is a file: name a folder`
  if (readdirSync(folder).some((name) => name !== welcome))
    return `${folder} is not empty: name one that is, or that does not exist`
  return undefined
}

/**
 * Fills a folder that nothing speaks against. When `fill` throws, so does this, and what is there is as it
 * was before.
 *
 * @param folder absolute; made if it is not there
 */
export function fillFolder(folder: string, fill: (folder: string) => void): void {
  const made = mkdirSync(folder, { recursive: true })
  try {
    fill(folder)
  } catch (error) {
    const existing = readdirSync(folder).filter((name) => name !== welcome)
    const filled = existing.map((name) => join(folder, name))
    for (const path of made === undefined ? filled : [made]) rmSync(path, { recursive: true })
    throw error
  }
}

/** The path as the file system has it, also in upper and lower case; as far as it exists. */
function resolveLinks(path: string): string {
  if (existsSync(path)) return realpathSync.native(path)
  const parent = dirname(path)
  // A drive that is not there has no parent but itself.
  return parent === path ? path : join(resolveLinks(parent), basename(path))
}

function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path)
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}
