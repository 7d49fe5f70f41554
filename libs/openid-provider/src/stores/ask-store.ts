import { isPromise } from './is-promise.ts'

/**
 * Asks a store of the host's, which may be slow, broken or wrong about its own types: the answer has to
 * be looked at before it is used.
 *
 * @param question for the log, such as `findClientById`
 * @param timeout seconds to wait for an answer
 * @throws {Error} with the store's own error as its cause. That one never gets further than the log,
 *   whatever its type: the protocol's errors are answered to whoever asks, and a store has none to raise.
 */
export async function askStore(
  question: string,
  timeout: number,
  ask: () => unknown,
): Promise<unknown> {
  try {
    const answer = ask()
    // What is at hand needs no timer.
    return isPromise(answer) ? await settleWithin(timeout, answer) : answer
  } catch (error) {
    throw new Error(`a store of the host failed to answer ${question}`, { cause: error })
  }
}

async function settleWithin(timeout: number, answer: PromiseLike<unknown>): Promise<unknown> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error(`no answer within ${timeout} s`)), timeout * 1000)
  try {
    return await Promise.race([answer, late])
  } finally {
    clearTimeout(timer)
  }
}
