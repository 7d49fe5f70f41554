import { existsSync, globSync, readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { dirname, join } from 'node:path/posix'

import { type Project, readProjects } from './projects.ts'
import { type Import, nameOf, readImports, readResolved } from './read-imports.ts'

/** Which layers each layer may import. What has none (e2e, tools) may import all that are listed. */
const layersBelow = new Map<string | undefined, readonly string[]>([
  ['protocol', []],
  ['server', ['protocol']],
  ['client', ['protocol']],
  ['chrome', []],
  ['app', ['protocol', 'server', 'client', 'chrome']],
  [undefined, ['protocol', 'server', 'client', 'chrome']],
])

/** The imports between neighbours: of the sessions and what their tokens become, and for the pages that tests generate. */
const sideways = ['token-management → relying-party', 'e2e → tools']

interface ClosedDoor {
  readonly from: RegExp
  readonly to: RegExp
  /** The files that may name the types behind it all the same, with `import type`. */
  readonly showsTypesTo?: RegExp
  readonly why: string
}

/** What else a file may not import, and why. */
const closedDoors: readonly ClosedDoor[] = [
  {
    from: /^libs\/openid-provider\/src\/grants\//,
    to: /^libs\/openid-provider\/src\/tokens\//,
    why: 'a grant says what was granted and knows nothing of tokens',
  },
  {
    // Where the token service asks others, it is a client of HTTP.
    from: /^libs\/openid-provider\/src\/.+\/(?!fetch-request-object\.ts$|.*\.test\.ts$)/,
    to: /^node:http$/,
    // The host's pages hand over the request and the response as they have them.
    showsTypesTo: /^libs\/openid-provider\/src\/sessions\//,
    why: 'HTTP is for provider.ts and the wrappers beside it',
  },
]

/** What breaks the order of the workspace in the folder `root`: a sentence each, none when all is well. */
export function findViolations(root: string): string[] {
  const projects = readProjects(root)
  return projects.flatMap((project) => {
    const files = listFiles(root, project)
    return [
      ...findEmptyTestTarget(project, files),
      ...findForbiddenImports(root, files, project, projects),
    ]
  })
}

/**
 * What a package.json of the workspace in the folder `root` declares and no file of its project imports: a
 * sentence each. A package of types is needed by whoever imports what it describes.
 */
export function findUnusedDependencies(root: string): string[] {
  return readProjects(root).flatMap((project) => {
    const imported = new Set(
      listFiles(root, project).flatMap((file) => {
        const source = readFileSync(root + file, 'utf8')
        return [...readImports(source), ...readResolved(source)].map(({ specifier }) =>
          nameOf(specifier),
        )
      }),
    )
    return Object.keys({ ...project.dependencies, ...project.devDependencies })
      .filter((name) => !imported.has(name.replace('@types/', '')))
      .map((name) => `${project.folder}/package.json declares ${name}: no file imports it`)
  })
}

/** `node --test` with a pattern that matches no file succeeds. */
function findEmptyTestTarget(project: Project, files: readonly string[]): string[] {
  if (!('test' in project.targets)) return []
  const hasTest = files.some((file) => /\/src\/.*\.test\.ts$/.test(file))
  return hasTest ? [] : [`${project.folder}: has the target test, and no test`]
}

function listFiles(root: string, { folder }: Project): string[] {
  return globSync('**/*.ts', { cwd: root + folder, exclude: ['**/node_modules'] })
    .map((file) => `${folder}/${file.replaceAll('\\', '/')}`)
    .sort()
}

function findForbiddenImports(
  root: string,
  files: readonly string[],
  project: Project,
  projects: readonly Project[],
): string[] {
  return files.flatMap((file) =>
    readImports(readFileSync(root + file, 'utf8')).flatMap((imported) => {
      const reason = imported.specifier.startsWith('.')
        ? refuseFile(root, imported, file, project)
        : refusePackage(imported, file, project, projects)
      return reason === undefined ? [] : [`${file} imports ${imported.specifier}: ${reason}`]
    }),
  )
}

function refuseFile(
  root: string,
  imported: Import,
  file: string,
  project: Project,
): string | undefined {
  const target = join(dirname(file), imported.specifier)
  if (!target.startsWith(`${project.folder}/`)) return 'it is outside the project'
  // What runs in the browser is JavaScript, and keeps its name.
  if (!target.endsWith('.ts') && !(target.endsWith('.js') && existsSync(root + target)))
    return 'Node needs the whole name, with .ts'
  return findClosedDoor(file, target, imported)
}

function refusePackage(
  imported: Import,
  file: string,
  project: Project,
  projects: readonly Project[],
): string | undefined {
  const { specifier } = imported
  if (isBuiltin(specifier)) return findClosedDoor(file, specifier, imported)
  const packageName = nameOf(specifier)
  if (!isDeclared(packageName, file, project)) return 'its package.json does not declare it'

  const owner = projects.find((candidate) => candidate.packageName === packageName)
  if (owner === undefined) return findClosedDoor(file, packageName, imported)
  if (sideways.includes(`${project.name} → ${owner.name}`)) return undefined
  if (layersBelow.get(project.layer)?.includes(owner.layer ?? '')) return undefined
  return `${project.layer ?? 'tooling'} may not use ${owner.layer ?? 'tooling'}`
}

/** Only tests and tooling may lean on devDependencies: whoever installs a package does not get them. */
function isDeclared(packageName: string, file: string, project: Project): boolean {
  if (packageName in project.dependencies) return true
  const isTest = file.endsWith('.test.ts') || file.includes('/test-support/')
  return (isTest || project.layer === undefined) && packageName in project.devDependencies
}

function findClosedDoor(file: string, target: string, { isType }: Import): string | undefined {
  return closedDoors.find(
    ({ from, to, showsTypesTo }) =>
      from.test(file) && to.test(target) && !(isType && showsTypesTo?.test(file)),
  )?.why
}
