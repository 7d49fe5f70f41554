import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { cpus, release, totalmem, type } from 'node:os'

const workspaceRoot = new URL('../..', import.meta.url)

/** All files but these. */
const reports = [':!docs/performance.md', ':!docs/reliability.md']

/** The computer, as a sentence of a report names it. */
export function describeMachine(): string {
  const model = cpus()[0]?.model.trim() || 'unknown processor'
  const memory = Math.round(totalmem() / 1024 ** 3)
  return `${model}, ${cpus().length} cores, ${memory} GiB, ${type()} ${release()}`
}

/** When and where something is measured, with which commit: the line that a report of it begins with. */
export function describeRun(started = new Date()): string {
  const day = started.toISOString().slice(0, 10)
  return `${day}, ${describeMachine()}, Node ${process.version.slice(1)}, ${describeCommit()}`
}

/** What was measured, and what with. */
export function describeVersions(): string {
  const packages = ['express', 'jose', 'oidc-provider', 'express-oauth2-jwt-bearer'].map((name) => {
    const file = new URL(`../../node_modules/${name}/package.json`, import.meta.url)
    return `${name} ${JSON.parse(readFileSync(file, 'utf8')).version}`
  })
  return [`Node ${process.version.slice(1)}`, ...packages, describeCommit()].join(', ')
}

/** The commit that is checked out in a repository, and whether the files are still those of the commit. */
export function describeCommit(folder = workspaceRoot): string {
  const { name = 'unknown', hasChanges } = readCommit(folder) ?? {}
  return `commit ${name}${hasChanges ? ' with changes' : ''}`
}

/**
 * Asserts that a report can name a commit by which others find what was measured.
 *
 * @throws {Error} when the files are not those of a commit, with what to do about it
 */
export function requireCommit(folder = workspaceRoot): void {
  if (readCommit(folder)?.hasChanges === false) return
  throw new Error(
    'docs/performance.md is to name the commit that was measured, and these files are not those of a commit: commit the changes first, or measure a part with --only, which writes nothing',
  )
}

/** Nothing where there is no repository. Another report than the one that was committed is no change. */
function readCommit(folder: URL): { name: string; hasChanges: boolean } | undefined {
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: folder, encoding: 'utf8', stdio: 'pipe' }).trim()
  try {
    const name = git('rev-parse', '--short', 'HEAD')
    const changes = git('status', '--porcelain', '--', '.', ...reports)
    return { name, hasChanges: changes !== '' }
  } catch {
    return undefined
  }
}
