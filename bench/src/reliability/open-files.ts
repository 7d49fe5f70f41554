/** Files that a process has open besides its connections, and has not closed yet of earlier ones. */
const others = 200

/**
 * Requires that the system lets a process have so many connections, each of which is an open file. A process that it
 * starts may have as many.
 *
 * @param allowed open files. By default what this process may have: Node.js has raised it as far as it may
 * @throws {Error} with what is missing
 */
export function requireOpenFiles(connections: number, allowed = readLimit()): void {
  const needed = connections + others
  if (allowed < needed)
    throw new Error(
      `${connections} connections need ${needed} open files, and a process may have ${allowed} here: raise the hard limit (ulimit -Hn)`,
    )
}

/** Systems that have no such limit do not report one. */
function readLimit(): number {
  const report = process.report.getReport() as {
    readonly userLimits?: { readonly open_files?: { readonly soft: number | 'unlimited' } }
  }
  const limit = report.userLimits?.open_files?.soft
  return typeof limit === 'number' ? limit : Infinity
}
