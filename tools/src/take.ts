/**
 * `npm run take -- mvc-basic ../my-app`: a program of this workspace in a folder of its own, with the
 * libraries that it needs. Without arguments it lists what can be taken.
 */
import { readdirSync, statSync } from 'node:fs'
import { join, resolve, sep } from 'node:path'

import { copyApp } from './copy-app.ts'
import { type Project, readProjects, workspaceRoot } from './projects.ts'

const usage = 'npm run take -- <what> <folder>'
const apps = readProjects(workspaceRoot).filter(({ kind }) => kind !== undefined && kind !== 'tool')

const [name, path] = process.argv.slice(2)
if (name === undefined) console.log(`${usage}\n\nWhat can be taken:\n${list(apps)}`)
else take(findApp(name), path)

function take(app: Project, path: string | undefined): void {
  if (path === undefined) refuse(`to which folder? ${usage}`)
  // npm runs this in the workspace's folder, and says where it was called.
  const folder = resolve(process.env.INIT_CWD ?? '.', path)
  requireFree(folder)
  copyApp(app, folder)
  console.log(`${app.name} is in ${folder}. To run it, there:\n  npm install\n  npm start`)
}

function findApp(name: string): Project {
  const app = apps.find((candidate) => candidate.name === name)
  if (app !== undefined) return app
  const near = apps.filter((candidate) =>
    candidate.name.split('-').some((word) => name.includes(word)),
  )
  return refuse(`there is no ${name}. There is:\n${list(near.length > 0 ? near : apps)}`)
}

function requireFree(folder: string): void {
  if (join(folder, sep).startsWith(workspaceRoot))
    refuse(`${folder} is inside this workspace: name a folder outside`)
  const existing = statSync(folder, { throwIfNoEntry: false })
  if (existing?.isFile()) refuse(`${folder} is a file: name a folder`)
  if (existing !== undefined && readdirSync(folder).length > 0)
    refuse(`${folder} is not empty: name one that is, or that does not exist`)
}

function list(listed: readonly Project[]): string {
  const width = Math.max(...listed.map(({ name }) => name.length))
  return listed.map((app) => `  ${app.name.padEnd(width)}  ${app.description}`).join('\n')
}

function refuse(sentence: string): never {
  console.error(sentence)
  process.exit(1)
}
