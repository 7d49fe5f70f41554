import { RecentlyUsed } from './recently-used.ts'
import type { Awaitable } from './store.ts'

export interface CacheOptions {
  /** Seconds for which what was found is served without asking the store again. Default 60. */
  readonly maxAge?: number
  /**
   * Seconds for which what is unknown stays unknown, so that a new client can be used soon after it
   * was registered. Default 1.
   */
  readonly missMaxAge?: number
  /** At most how many answers of each kind are kept. Default 1000. */
  readonly maximum?: number
  /** Milliseconds since the epoch. */
  readonly now?: () => number
}

interface Asked<Answer> {
  readonly answer: Answer
  /** Milliseconds since the epoch: until when it is served. */
  readonly expires: number
}

/** Milliseconds after which a question that is still open is asked anew, as its answer may be lost. */
const patience = 2_000

/**
 * Keeps the answers to questions, each known by a key. Questions that are asked at the same time share
 * one answer, and a failure is not kept. An answer of `undefined` or `false` is a miss: misses are kept
 * apart, so that keys which somebody makes up push out nothing that was found.
 */
export function cachedAnswers<Answer>(options: CacheOptions) {
  const { maxAge = 60, missMaxAge = 1, maximum = 1_000, now = Date.now } = options
  const hits = new RecentlyUsed<string, Asked<Answer>>(maximum)
  const misses = new RecentlyUsed<string, Asked<Answer>>(maximum)
  const open = new RecentlyUsed<string, Asked<Promise<Answer>>>(maximum)

  async function ask(key: string, question: () => Awaitable<Answer>): Promise<Answer> {
    // An age counts from the question: what is answered late may be out of date already.
    const asked = now()
    const answer = await question()
    if (answer) hits.set(key, { answer, expires: asked + maxAge * 1000 })
    else misses.set(key, { answer, expires: asked + missMaxAge * 1000 })
    return answer
  }

  function share(key: string, question: () => Awaitable<Answer>): Promise<Answer> {
    const answer = ask(key, question)
    const shared = { answer, expires: now() + patience }
    open.set(key, shared)
    const close = () => {
      if (open.get(key) === shared) open.delete(key)
    }
    answer.then(close, close)
    return answer
  }

  return (key: string, question: () => Awaitable<Answer>): Awaitable<Answer> => {
    for (const asked of [hits.get(key), misses.get(key), open.get(key)])
      if (asked !== undefined && now() < asked.expires) return asked.answer
    return share(key, question)
  }
}
