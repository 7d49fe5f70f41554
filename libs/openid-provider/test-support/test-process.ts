import { type ChildProcess, fork } from 'node:child_process'
import { on } from 'node:events'
import type { TestContext } from 'node:test'

/** Starts a program that says by a first message that it waits for the next ones. */
export async function startProcess(t: TestContext, program: URL): Promise<ChildProcess> {
  const child = fork(program, { execArgv: [] })
  t.after(() => child.kill('SIGKILL'))
  await nextMessage(child)
  return child
}

/**
 * The next message of a process, as the caller knows it to be.
 *
 * @throws {Error} when the process ends: its message would be waited for for ever.
 */
export async function nextMessage<Message>(child: ChildProcess): Promise<Message> {
  for await (const [message] of on(child, 'message', { close: ['exit'] })) return message
  throw new Error(`the process ended with ${child.exitCode ?? child.signalCode}`)
}
