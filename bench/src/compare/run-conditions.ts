import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { cpus, release, totalmem, type } from 'node:os'

/** The computer, as a sentence of a report names it. */
export function describeMachine(): string {
  const model = cpus()[0]?.model.trim() || 'unknown processor'
  const memory = Math.round(totalmem() / 1024 ** 3)
  return `${model}, ${cpus().length} cores, ${memory} GiB, ${type()} ${release()}`
}

/** What was measured, and what with. */
export function describeVersions(): string {
  const packages = ['express', 'jose', 'oidc-provider', 'express-oauth2-jwt-bearer'].map((name) => {
    const file = new URL(`../../../node_modules/${name}/package.json`, import.meta.url)
    return `${name} ${JSON.parse(readFileSync(file, 'utf8')).version}`
  })
  const commit = describeCommit(new URL('../../..', import.meta.url))
  return [`Node ${process.version.slice(1)}`, ...packages, commit].join(', ')
}

/**
 * The commit that is checked out in a repository, and whether the files are still those of the commit.
 * Another report than the one that will be overwritten is no change.
 */
export function describeCommit(folder: URL): string {
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: folder, encoding: 'utf8', stdio: 'pipe' }).trim()
  try {
    const commit = `commit ${git('rev-parse', '--short', 'HEAD')}`
    const changes = git('status', '--porcelain', '--', '.', ':!docs/performance.md')
    return changes === '' ? commit : `${commit} with changes`
  } catch {
    return 'commit unknown'
  }
}
