import native from 'nx/src/native'
import { getLocalDbConnection } from 'nx/src/utils/db-connection'

/**
 * Nx's list of the tasks of this workspace that run until they are stopped. An Nx that needs one which
 * is on the list uses it as it is, instead of starting it a second time; an entry counts for as long as
 * the process lives that made it.
 *
 * This is not an API of Nx: it holds for the exact version in package.json, and the test of
 * `npx nx serve` beside `npm start` (e2e/workspace/npm-start.spec.ts) says so when it no longer does.
 */
const runningTasks = new native.RunningTasksService(getLocalDbConnection())

/** Those of the projects whose target `serve` runs in another process, under Nx or `npm start`. */
export function findServed(projects: readonly string[]): string[] {
  const running = runningTasks.getRunningTasks(projects.flatMap(taskIds))
  return projects.filter((project) => taskIds(project).some((id) => running.includes(id)))
}

/** Tells Nx that this process runs the target `serve` of a project. */
export function listAsServed(project: string): void {
  for (const id of taskIds(project)) runningTasks.addRunningTask(id)
}

/** In either configuration it is the same server, on the same port. */
function taskIds(project: string): string[] {
  return [`${project}:serve`, `${project}:serve:inspect`]
}
