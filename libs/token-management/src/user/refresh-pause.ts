import { backOff } from '@basics/protocol'

import { UnverifiedAnswer } from './unusable-answer.ts'

/** The pause that all sessions keep after a refresh that has failed. */
export type RefreshPause = ReturnType<typeof refreshPause>

/** Back-off that knows what has failed last: who has no living token waits after some failures only. */
export function refreshPause(...settings: Parameters<typeof backOff>) {
  const pause = backOff(...settings)
  let last: Error | undefined

  return {
    left: pause.left,
    succeed: pause.succeed,

    /** @returns Seconds: how long the pause is that begins now. */
    fail(failure: Error): number {
      last = failure
      return pause.fail()
    },

    /**
     * Stops a refresh whose answer could not be verified either: the token service would answer it, and
     * the tokens would be thrown away.
     *
     * @throws {UnverifiedAnswer} that which has failed last, during the pause after it.
     */
    requireVerifiable(): void {
      if (last instanceof UnverifiedAnswer && pause.left() > 0) throw last
    },
  }
}
