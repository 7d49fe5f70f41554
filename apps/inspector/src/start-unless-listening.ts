import { Agent } from 'node:http'

import { deliver } from './recorder/deliver.ts'

/** Milliseconds that whatever has the port may take to answer as an inspector does. */
const patience = 1000

/**
 * Starts an inspector where none answers yet. It does so too when the port is a stranger's, or the URL is
 * none: the inspector then says what is wrong.
 *
 * @param url Where the inspector is to be.
 */
export async function startUnlessListening(url: string, start: () => void): Promise<void> {
  const agent = new Agent()
  const isListening = await deliver('[]', { url, agent, patience }).catch(() => false)
  agent.destroy()
  if (!isListening) start()
}
