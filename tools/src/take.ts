/**
 * `npm run take -- mvc-basic ../my-app`: a program of this workspace in a folder of its own, with the
 * libraries that it needs. Without arguments it lists what can be taken.
 */
import { resolve } from 'node:path'

import { copyApp, hasKey } from './copy-app.ts'
import { type Project, readProjects, workspaceRoot } from './projects.ts'
import { fillFolder, findObstacle } from './taken-folder.ts'
import { describeStart } from './taken-pages.ts'

const usage = 'npm run take -- <what> <folder>'
const apps = readProjects(workspaceRoot).filter(({ kind }) => kind !== undefined && kind !== 'tool')

const [name, ...paths] = process.argv.slice(2)
if (name === undefined) console.log(`${usage}\n\nWhat can be taken:\n${list(apps)}`)
else take(findApp(name), requireOne(paths))

function take(app: Project, path: string): void {
  // npm runs this in the workspace's folder, and says where it was called.
  const folder = resolve(process.env.INIT_CWD ?? '.', path)
  const obstacle = findObstacle(folder)
  if (obstacle !== undefined) refuse(obstacle)
  try {
    fillFolder(folder, (made) => copyApp(app, made))
  } catch (error) {
    refuse(`${app.name} cannot be copied: ${(error as Error).message}`)
  }
  const { here, there } = describeStart(app, workspaceRoot, hasKey(app))
  console.log(
    `${app.name} is in ${folder}. To run it, there:\n  npm install\n  ${there}\n` +
      `And here, what runs beside it:\n  ${here}`,
  )
}

function requireOne(folders: readonly string[]): string {
  const [folder, ...others] = folders
  if (folder === undefined) return refuse(`to which folder? ${usage}`)
  if (others.length === 0) return folder
  return refuse(`one folder, not ${folders.join(' and ')}; a name with spaces goes in quotes`)
}

function findApp(name: string): Project {
  const app = apps.find((candidate) => candidate.name === name)
  if (app !== undefined) return app
  const near = apps.filter((candidate) =>
    candidate.name.split('-').some((word) => name.includes(word)),
  )
  return refuse(`there is no ${name}. There is:\n${list(near.length > 0 ? near : apps)}`)
}

function list(listed: readonly Project[]): string {
  const width = Math.max(...listed.map(({ name }) => name.length))
  return listed.map((app) => `  ${app.name.padEnd(width)}  ${app.description}`).join('\n')
}

function refuse(sentence: string): never {
  console.error(sentence)
  process.exit(1)
}
