import type { FreshEnvironment } from './fresh-environment.ts'
import type { Environment, Program, startProgram } from './program.ts'

const movableClock = new URL('./movable-clock.ts', import.meta.url).href

// The recorder first: it keeps the time of the machine.
const loaded = ['@basics/inspector/record', movableClock].flatMap((each) => ['--import', each])

/** Starts an app as `npm start` does, watched by the inspector of its environment. */
export function startWatched(
  app: string,
  start: typeof startProgram,
  environment: Environment,
): Program {
  return start([...loaded, `apps/${app}/src/main.ts`], environment)
}

/** Starts apps as `npm start` does, watched by an inspector of their own, and waits until they listen. */
export async function startInspected(
  apps: readonly string[],
  start: typeof startProgram,
  environment: FreshEnvironment,
): Promise<Program[]> {
  const inspector = start(['apps/inspector/src/main.ts'], environment)
  // A recorder that finds none for ten seconds records nothing until it does.
  await inspector.printed(/listens on/)
  const programs = apps.map((app) => startWatched(app, start, environment))
  for (const program of programs) await program.printed(/listens on/)
  return programs
}
