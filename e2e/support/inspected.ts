import type { FreshEnvironment } from './fresh-environment.ts'
import type { Program, startProgram } from './program.ts'

const movableClock = new URL('./movable-clock.ts', import.meta.url).href

/** Starts apps as `npm start` does, watched by an inspector of their own, and waits until they listen. */
export async function startInspected(
  apps: readonly string[],
  start: typeof startProgram,
  environment: FreshEnvironment,
): Promise<Program[]> {
  // The recorder first: it keeps the time of the machine.
  const loaded = ['@basics/inspector/record', movableClock].flatMap((each) => ['--import', each])
  const inspector = start(['apps/inspector/src/main.ts'], environment)
  const programs = apps.map((app) => start([...loaded, `apps/${app}/src/main.ts`], environment))
  for (const program of [inspector, ...programs]) await program.printed(/listens on/)
  return programs
}
