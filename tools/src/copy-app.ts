import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

import { type Project, readProjects, workspaceRoot } from './projects.ts'
import { listTakenFiles, withoutNx } from './taken-files.ts'
import { createProjectManifest, createWorkspaceManifest } from './taken-manifests.ts'
import { createAppReadme, unlinkMissing } from './taken-pages.ts'

/** Of this workspace, as it is: the compiler's options that each project extends, and what anyone may do with the code. */
const sharedFiles = ['LICENSE', 'tsconfig.base.json', '.nvmrc']

/**
 * Copies an app, and the libraries that it needs, into a folder: an npm workspace of its own, which
 * `npm install && npm start` runs.
 *
 * @param folder absolute; made if it is not there, and expected to be empty
 */
export function copyApp(app: Project, folder: string): void {
  const libraries = findLibraries(app, readProjects(workspaceRoot))
  for (const project of [app, ...libraries]) copyProject(project, folder)
  for (const file of sharedFiles) cpSync(join(workspaceRoot, file), join(folder, file))
  for (const library of libraries) copyReadme(library, folder)
  writeFileSync(join(folder, '.gitignore'), 'node_modules/\ndata/\n')
  writeJson(join(folder, 'package.json'), createWorkspaceManifest(app, readManifest('')))
  const readme = createAppReadme(app, libraries, { readme: readReadme(app), hasKey: hasKey(app) })
  writeFileSync(join(folder, 'README.md'), readme)
}

/** Whether an app signs with a key pair, whose public half the token service reads in the data folder. */
export function hasKey(app: Project): boolean {
  return existsSync(join(workspaceRoot, app.folder, 'src/key.ts'))
}

/** The libraries of the workspace that a project imports, and those that they do. */
function findLibraries(project: Project, projects: readonly Project[]): Project[] {
  const direct = projects.filter(({ packageName }) => packageName in project.dependencies)
  const all = direct.flatMap((library) => [library, ...findLibraries(library, projects)])
  return projects.filter((candidate) => all.includes(candidate))
}

function copyProject({ folder: path }: Project, folder: string): void {
  for (const file of listTakenFiles(workspaceRoot, `${path}/src`)) copySource(file, folder)
  cpSync(join(workspaceRoot, path, 'tsconfig.json'), join(folder, path, 'tsconfig.json'))
  writeJson(join(folder, path, 'package.json'), createProjectManifest(readManifest(path)))
}

function copySource(path: string, folder: string): void {
  const [from, to] = [join(workspaceRoot, path), join(folder, path)]
  mkdirSync(dirname(to), { recursive: true })
  if (/\.(ts|eta)$/.test(path)) writeFileSync(to, withoutNx(readFileSync(from, 'utf8')))
  else cpSync(from, to)
}

function copyReadme(library: Project, folder: string): void {
  const path = join(folder, library.folder, 'README.md')
  writeFileSync(path, unlinkMissing(readReadme(library), path))
}

function readReadme({ folder }: Project): string {
  return readFileSync(join(workspaceRoot, folder, 'README.md'), 'utf8')
}

function readManifest(path: string) {
  return JSON.parse(readFileSync(join(workspaceRoot, path, 'package.json'), 'utf8'))
}

function writeJson(path: string, value: object): void {
  writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`)
}
