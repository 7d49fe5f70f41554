import { readdirSync, readFileSync } from 'node:fs'

export interface Process {
  readonly pid: number
  /** As on the command line, with spaces between the arguments. */
  readonly command: string
}

/**
 * The processes whose environment holds a text, such as a folder that was made for one test: whatever
 * was started for that test, by however many others in between. Linux alone tells; elsewhere none are
 * found.
 */
export function findProcesses(text: string): Process[] {
  if (process.platform !== 'linux') return []
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && read(pid, 'environ').includes(text))
    .map((pid) => ({ pid, command: read(pid, 'cmdline').replaceAll('\0', ' ').trim() }))
}

/** Nothing for a process that is gone or another user's. */
function read(pid: number, file: 'environ' | 'cmdline'): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return ''
  }
}
