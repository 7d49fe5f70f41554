/**
 * Loaded into a program before its own code (`node --import @basics/inspector/beside`): starts the
 * inspector as a process of its own beside it, for as long as the program runs. Where one runs already,
 * the new one says so and ends, and the old one is used.
 */
import { fork } from 'node:child_process'

const inspector = fork(new URL('./main.ts', import.meta.url), { execArgv: [] })
inspector.unref()
inspector.channel?.unref()
