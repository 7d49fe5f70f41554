import { Agent } from 'node:http'

import type { Recording } from '../recording.ts'
import { deliver } from './deliver.ts'

/** Milliseconds. A program and its inspector start at the same time, so the first seconds are patient. */
const defaultTiming = {
  collect: 50,
  firstRetry: 250,
  lastRetry: 5000,
  patience: 10_000,
  answer: 2000,
}

/** Recordings that wait, and what is sent of them at once: well below what the inspector takes. */
const limits = { queue: 500, batch: 16, batchBytes: 4 * 1024 * 1024 }

/**
 * Sends recordings to the inspector, a few at a time, while the program does something else. What the
 * inspector is too slow for, or not there for, or refuses, is dropped. Looking for an inspector keeps no
 * program running; delivering what is left at its end does, for two seconds at most.
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
  let isCollecting = false
  let flushing: Promise<void> | undefined
  let retry = timing.firstRetry
  const patientUntil = performance.now() + timing.patience

  function post(recordings: string): Promise<boolean> {
    return deliver(recordings, { url, agent, patience: timing.answer })
  }

  async function look(): Promise<void> {
    if (await post('[]')) return greet()
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

  function flush(): Promise<void> {
    flushing ??= deliverQueue().finally(() => {
      flushing = undefined
    })
    return flushing
  }

  async function deliverQueue(): Promise<void> {
    while (isListening && queue.length > 0) {
      if (await post(takeBatch(queue))) continue
      // It refused these alone, or has gone: it is asked before it is sent any more.
      if (await post('[]')) continue
      leave()
      void look()
    }
  }

  function collect(): void {
    if (isCollecting) return
    isCollecting = true
    setTimeout(() => {
      isCollecting = false
      void flush()
    }, timing.collect).unref()
  }

  /**
   * A short program may be at its end before the inspector has answered its first call. Nothing but this
   * timer holds it: once that has run down, the program does not wait for the inspector again.
   */
  async function finish(): Promise<void> {
    const overdue = setTimeout(() => process.off('beforeExit', finishLast), timing.answer)
    isListening ||= await post('[]')
    await flush()
    clearTimeout(overdue)
    queue = []
  }

  function finishLast(): void {
    if (queue.length > 0 || flushing !== undefined) void finish()
  }

  process.on('beforeExit', finishLast)
  observer.start()
  void look()

  return (recording: Recording): void => {
    if (!isRecording || queue.length >= limits.queue) return
    queue.push(recording)
    collect()
  }
}

/** Takes from the front of the queue, and something at least: what is too large is for the inspector to refuse. */
function takeBatch(queue: Recording[]): string {
  const batch: string[] = []
  let bytes = 0
  while (queue.length > 0 && batch.length < limits.batch && bytes < limits.batchBytes) {
    const recording = JSON.stringify(queue.shift())
    bytes += Buffer.byteLength(recording)
    batch.push(recording)
  }
  return `[${batch.join(',')}]`
}
