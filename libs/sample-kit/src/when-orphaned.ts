/** Milliseconds between two looks. */
const interval = 500

/** As early as can be: npm may go while a program is still starting. */
const parent = process.ppid

/**
 * Calls `stop`, once, when the shell is gone through which npm has started this process. A SIGTERM to npm ends
 * the shell, which passes it on to nobody: the program would live on, and keep its port. A POSIX shell could
 * `exec` the program, the one of Windows cannot, so the program looks by itself.
 *
 * Does nothing without npm: what somebody starts by `nohup node main.ts &` is to outlive its shell.
 */
export function whenOrphaned(stop: () => void): void {
  if (process.env.npm_lifecycle_event === undefined) return
  const timer = setInterval(() => {
    if (!isGone()) return
    clearInterval(timer)
    stop()
  }, interval)
  timer.unref()
}

/** POSIX gives an orphan another parent. On Windows it keeps the number, of a process that is not there. */
function isGone(): boolean {
  if (process.ppid !== parent) return true
  try {
    process.kill(parent, 0)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}
