import { type Agent, request } from 'node:http'

/** What only an inspector answers: nothing is sent to a stranger that has its port. */
export const inspectorGreeting = { inspector: 'listening' }

const greeting = JSON.stringify(inspectorGreeting)

interface Delivery {
  /** Where the inspector is. */
  readonly url: string
  readonly agent: Agent
  /** Milliseconds from the first to the last byte, so that no stranger can draw it out. */
  readonly patience: number
}

/**
 * Sends recordings to the inspector. It keeps no program running.
 *
 * @param body A JSON array of recordings; an empty one asks whether an inspector is there.
 * @returns Whether it took them. Not when it refused them, or what answers is no inspector.
 */
export function deliver(body: string, { url, agent, patience }: Delivery): Promise<boolean> {
  return new Promise((resolve) => {
    const headers = { 'Content-Type': 'application/json' }
    const post = request(new URL('/record', url), { method: 'POST', agent, headers })
    // The timeout that a request has of its own begins anew with each byte.
    const overdue = setTimeout(() => post.destroy(), patience).unref()
    let text = ''
    post.on('socket', (socket) => socket.unref())
    post.on('response', (response) => {
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part
        if (text.length > greeting.length) post.destroy()
      })
    })
    // It is closed next.
    post.on('error', () => {})
    post.on('close', () => {
      clearTimeout(overdue)
      resolve(text === greeting)
    })
    post.end(body)
  })
}
