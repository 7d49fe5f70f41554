import { statSync } from 'node:fs'

/**
 * Calls back when a file is another one than before, is changed, comes into being or goes. Does not keep
 * the process alive.
 *
 * The file is looked at in intervals, because that notices everything: editors that put a new file in
 * its place, links that lead elsewhere now (as when Kubernetes changes a mounted configuration), and
 * file systems of another machine, whose changes no event tells. A change from this call on counts, so
 * begin before the first reading.
 *
 * @param interval milliseconds between two looks
 * @returns what ends it
 */
export function watchFile(path: string, interval: number, onChange: () => void): () => void {
  let seen = readState(path)
  const timer = setInterval(() => {
    const found = readState(path)
    if (found === seen) return
    seen = found
    onChange()
  }, interval)
  timer.unref()
  return () => clearInterval(timer)
}

function readState(path: string): string {
  try {
    // Not mtime, which copying tools set back to that of the original; ctime nobody can set.
    const { dev, ino, size, ctimeNs } = statSync(path, { bigint: true })
    return [dev, ino, size, ctimeNs].join(' ')
  } catch (error) {
    return String((error as NodeJS.ErrnoException).code)
  }
}
