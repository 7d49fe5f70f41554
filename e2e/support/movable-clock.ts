/**
 * Loaded into a program before its own code (`node --import`): the process that started it can move its
 * clock ahead, so that what is a minute away can be watched in a test. Timers keep their pace.
 */
export interface ClockAdvance {
  readonly advanceSeconds: number
}

/** The answer, from when on the program goes by it. */
export interface ClockAdvanced {
  readonly isClockAdvanced: true
}

const { now } = Date
let ahead = 0

Date.now = () => now() + ahead

process.on('message', ({ advanceSeconds }: ClockAdvance) => {
  ahead += advanceSeconds * 1000
  process.send?.({ isClockAdvanced: true } satisfies ClockAdvanced)
})
// Listening must not keep a program alive that has come to its end.
process.channel?.unref()
