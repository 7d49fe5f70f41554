/**
 * Loaded into a program before its own code (`node --import`): from now on `Date.now()` runs 15 times as
 * fast as it should, so that what is a minute away can be watched in a test. Timers keep their pace.
 */
const { now } = Date
const started = now()

Date.now = () => started + 15 * (now() - started)
