/**
 * Loaded into a program before its own code (`node --import @basics/inspector/beside`): starts the
 * inspector as a process of its own beside it, for as long as the program runs. Where one runs already,
 * that is used.
 */
import { fork } from 'node:child_process'

import { inspectorUrl } from './inspector-url.ts'
import { startUnlessListening } from './start-unless-listening.ts'

void startUnlessListening(inspectorUrl, () => {
  const inspector = fork(new URL('./main.ts', import.meta.url), { execArgv: [] })
  inspector.unref()
  inspector.channel?.unref()
})
