import type { Server } from 'node:http'

import { drain } from './drain.ts'
import { whenOrphaned } from './when-orphaned.ts'

/**
 * Stops a server in good order on the first SIGINT or SIGTERM: no new connections, requests under way
 * finish, then exit code 0, at the latest after 5 s. A second signal exits at once with 1. That the npm is
 * stopped which has started it counts as a first signal.
 *
 * @param hooks `begin` is called when the signal arrives, `end` when the last request is answered.
 * @param patience Milliseconds after which connections are closed that nothing is asked on, after which
 * requests under way are cut off, and after which the process is gone whatever happens.
 */
export function stopOnSignal(
  server: Server,
  hooks: {
    readonly begin: () => void
    readonly end: (() => Promise<void> | void) | undefined
  },
  patience = { idle: 300, requests: 4000, exit: 5000 },
): void {
  const drained = drain(server, patience.idle)
  let stopping = false

  function stop(): void {
    if (stopping) process.exit(1)
    stopping = true
    hooks.begin()
    void drained().then(() => end(hooks.end))
    setTimeout(() => server.closeAllConnections(), patience.requests)
    setTimeout(() => process.exit(0), patience.exit)
  }

  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  whenOrphaned(() => {
    // For whoever else waits for a signal. By one that went to all of npm's processes it stops already.
    if (!stopping) process.emit('SIGTERM')
  })
}

async function end(hook: (() => Promise<void> | void) | undefined): Promise<void> {
  try {
    await hook?.()
    process.exit(0)
  } catch (error) {
    console.error('stopping failed:', error)
    process.exit(1)
  }
}
