import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A server under measurement, as its process sets it up. */
export interface Served {
  readonly listener: RequestListener
  /** Adds so many live grants to what it keeps. */
  readonly addGrants?: (count: number) => Promise<void>
  /** Adds so many tokens to the session and the grant of the user who is signed in. */
  readonly addSessionTokens?: (count: number) => Promise<void>
}

/** What the process that measures asks of the one that serves, and is answered. */
export interface Questions {
  /** Microseconds of processor time that the process has used, with all its threads. */
  readonly cpu: number
  /** Bytes, before and after garbage is collected. */
  readonly memory: { readonly before: number; readonly after: number; readonly heap: number }
  readonly addGrants: boolean
  readonly addSessionTokens: boolean
}

export interface Question {
  readonly ask: keyof Questions
  readonly count?: number
}

/**
 * Serves on a free port, tells the parent process where, and answers its questions until it is gone.
 *
 * @param create is told the issuer
 */
export async function serve(create: (issuer: string) => Promise<Served> | Served): Promise<void> {
  // Longer than any pause between two rounds.
  const server = createServer({ keepAliveTimeout: 120_000 })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const served = await create(issuer)
  server.on('request', served.listener)
  answerQuestions(issuer, served)
}

/** Tells the parent process where a server is, and answers its questions until it is gone. */
export function answerQuestions(url: string, served: Partial<Served> = {}): void {
  process.on('message', (question: Question) => {
    void answer(question, served).then((reply) => process.send?.(reply))
  })
  process.on('disconnect', () => process.exit())
  process.send?.(url)
}

async function answer(
  { ask, count = 0 }: Question,
  served: Partial<Served>,
): Promise<Questions[keyof Questions]> {
  if (ask === 'cpu') {
    const { user, system } = process.cpuUsage()
    return user + system
  }
  if (ask === 'memory') {
    const before = process.memoryUsage.rss()
    // Twice, since what is weakly held goes the second time.
    for (let time = 0; time < 2; time++) await globalThis.gc?.({ execution: 'async' })
    return { before, after: process.memoryUsage.rss(), heap: process.memoryUsage().heapUsed }
  }
  const add = served[ask]
  if (add === undefined) throw new Error(`this server does not know how to ${ask}`)
  await add(count)
  return true
}
