import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { type Project, readProjects, workspaceRoot } from './projects.ts'
import { createProjectManifest, createWorkspaceManifest } from './taken-manifests.ts'
import { createAppReadme, unlinkMissing } from './taken-pages.ts'

/** Tests stay behind, with what only they need. */
const isLeftOut = /\.test(-\w+)?\.ts$/

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
  writeFileSync(join(folder, 'README.md'), createAppReadme(app, libraries, readReadme(app)))
}

/** The libraries of the workspace that a project imports, and those that they do. */
function findLibraries(project: Project, projects: readonly Project[]): Project[] {
  const direct = projects.filter(({ packageName }) => packageName in project.dependencies)
  const all = direct.flatMap((library) => [library, ...findLibraries(library, projects)])
  return projects.filter((candidate) => all.includes(candidate))
}

function copyProject({ folder: path }: Project, folder: string): void {
  cpSync(join(workspaceRoot, path, 'src'), join(folder, path, 'src'), {
    recursive: true,
    filter: (source) => !isLeftOut.test(source),
  })
  cpSync(join(workspaceRoot, path, 'tsconfig.json'), join(folder, path, 'tsconfig.json'))
  writeJson(join(folder, path, 'package.json'), createProjectManifest(readManifest(path)))
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
