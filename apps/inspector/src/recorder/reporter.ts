import { Agent, type ClientRequest, request } from 'node:http'

import type { Recording } from '../recording.ts'

/** Milliseconds. A program and its inspector start at the same time, so the first seconds are patient. */
const defaultTiming = {
  collect: 50,
  firstRetry: 250,
  lastRetry: 5000,
  patience: 10_000,
  answer: 2000,
}

const limits = { batch: 16, queue: 500 }

/** What only an inspector answers: nothing is sent to a stranger that has its port. */
export const inspectorGreeting = { inspector: 'listening' }

/**
 * Sends recordings to the inspector, a few at a time, while the program does something else. What the
 * inspector is too slow for, or not there for, is dropped. Looking for an inspector keeps no program
 * running; delivering what is left at its end does, for two seconds at most.
 *
 * @param url Where the inspector is.
 * @param observer `start` is called at once and whenever the inspector comes back; `stop` when there is
 *   none: what would be recorded then is for nobody.
 */
export function openReporter(
  url: string,
  observer: { start(): void; stop(): void },
  timing = defaultTiming,
) {
  // Of `node:http`, which the recorder does not listen to. At the end, a call that is not answered yet must
  // not stand before the last one.
  const agent = new Agent({ keepAlive: true, maxSockets: 2 })
  let queue: Recording[] = []
  let isListening = false
  let isRecording = true
  let isFlushing = false
  let isCollecting = false
  let retry = timing.firstRetry
  const patientUntil = performance.now() + timing.patience

  async function look(): Promise<void> {
    if (await send([], { url, agent, isAwaited: false })) return greet()
    if (isRecording && performance.now() > patientUntil) leave()
    setTimeout(() => void look(), retry).unref()
    if (!isRecording) retry = Math.min(retry * 2, timing.lastRetry)
  }

  function greet(): void {
    isListening = true
    retry = timing.firstRetry
    if (!isRecording) observer.start()
    isRecording = true
    void flush()
  }

  function leave(): void {
    isListening = false
    if (isRecording) observer.stop()
    isRecording = false
    queue = []
  }

  async function flush(): Promise<void> {
    if (isFlushing || !isListening) return
    isFlushing = true
    while (queue.length > 0) {
      if (await send(queue.splice(0, limits.batch), { url, agent, isAwaited: true })) continue
      leave()
      void look()
    }
    isFlushing = false
  }

  function collect(): void {
    if (isCollecting) return
    isCollecting = true
    setTimeout(() => {
      isCollecting = false
      void flush()
    }, timing.collect).unref()
  }

  /** A short program may be at its end before the inspector has answered its first call. */
  async function finish(): Promise<void> {
    isListening ||= await send([], { url, agent, isAwaited: true })
    if (isListening) await flush()
    queue = []
  }

  process.on('beforeExit', () => {
    if (queue.length > 0) void finish()
  })
  observer.start()
  void look()

  return (recording: Recording): void => {
    if (!isRecording || queue.length >= limits.queue) return
    queue.push(recording)
    collect()
  }
}

interface Delivery {
  readonly url: string
  readonly agent: Agent
  /** Whether the program, when it has come to its end, waits for it. */
  readonly isAwaited: boolean
}

/** Whether the inspector took it. */
function send(recordings: readonly Recording[], delivery: Delivery): Promise<boolean> {
  return new Promise((resolve) => {
    const post: ClientRequest = request(new URL('/record', delivery.url), {
      method: 'POST',
      agent: delivery.agent,
      timeout: defaultTiming.answer,
      headers: { 'Content-Type': 'application/json' },
    })
    if (!delivery.isAwaited) post.on('socket', (socket) => socket.unref())
    post.on('timeout', () => post.destroy())
    post.on('error', () => resolve(false))
    post.on('response', (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part
      })
      response.on('close', () => resolve(text === JSON.stringify(inspectorGreeting)))
    })
    post.end(JSON.stringify(recordings))
  })
}
