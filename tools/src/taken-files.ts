import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join, relative } from 'node:path'

/** Tests stay behind, with what only they need. */
const isTest = /\.test(-\w+)?\.ts$/

/** What may be a secret of whoever works here: `.env`, keys. */
const isPrivate = /(^|\/)\.|\.(pem|key)$/

/**
 * The sources of a project that go along: what Git tracks, for whatever else lies there is somebody's own.
 * Where Git tracks nothing, as in a downloaded archive, all but what looks private.
 *
 * @param root the workspace's folder, absolute
 * @param folder relative to it, with forward slashes
 * @returns paths relative to `root`, with forward slashes
 */
export function listTakenFiles(root: string, folder: string): string[] {
  const tracked = listTracked(root, folder)
  const files = tracked.length > 0 ? tracked : listPublic(root, folder)
  return files.filter((path) => !isTest.test(path))
}

function listTracked(root: string, folder: string): string[] {
  const git = spawnSync('git', ['ls-files', '-z', '--', folder], { cwd: root, encoding: 'utf8' })
  if (git.status !== 0) return []
  // One that was deleted is listed until the next commit.
  return git.stdout.split('\0').filter((path) => path !== '' && existsSync(join(root, path)))
}

function listPublic(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .filter((path) => !isPrivate.test(path))
}

/**
 * A source without the commands of Nx, which is not there: a target is a script there, and the line of a
 * page that only tells how to serve another project goes.
 */
export function withoutNx(source: string): string {
  return source
    .replace(/^.*<code>npx nx serve .*<\/code>.*\n/gm, '')
    .replace(/\bnpx nx run [\w-]+:([\w-]+)/g, 'npm run $1')
}
