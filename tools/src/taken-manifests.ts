import { basename } from 'node:path/posix'

import type { Project } from './projects.ts'

/** The part of a `package.json` that matters when its project is taken out of the workspace. */
export interface Manifest {
  readonly exports?: string | Readonly<Record<string, string>>
  readonly dependencies?: Dependencies
  readonly devDependencies?: Dependencies
  readonly nx?: object
}

/** Versions by the name of the package. */
type Dependencies = Readonly<Record<string, string>>

/** The `package.json` of the workspace that an app is taken to, made from that of this one. */
export function createWorkspaceManifest(app: Project, root: RootManifest): object {
  const main = `node ${app.folder}/src/main.ts`
  const { '@types/node': nodeTypes, typescript } = root.devDependencies
  return {
    name: app.name,
    version: '0.0.0',
    private: true,
    description: app.description,
    license: root.license,
    type: 'module',
    engines: root.engines,
    workspaces: ['apps/*', 'libs/*'],
    scripts: {
      start: main,
      typecheck: `tsc --noEmit -p ${app.folder}`,
      ...createScripts(app),
    },
    devDependencies: { '@types/node': nodeTypes, typescript },
    // Node 24, for machines that have another.
    optionalDependencies: root.optionalDependencies,
  }
}

interface RootManifest {
  readonly license: string
  readonly engines: object
  readonly devDependencies: Dependencies
  readonly optionalDependencies: Dependencies
}

/** What `npx nx run <app>:<target>` does here, `npm run <target>` does there. */
function createScripts({ targets, folder }: Project): Record<string, string> {
  return Object.fromEntries(
    Object.entries(targets as Readonly<Record<string, Target>>).flatMap(([name, { options }]) => {
      if (options?.command === undefined) return []
      // Where Nx runs it, unless the target says otherwise.
      const way = options.cwd === '{workspaceRoot}' ? '' : `cd ${folder} && `
      return [[name, way + options.command]]
    }),
  )
}

interface Target {
  readonly options?: { readonly command?: string; readonly cwd?: string }
}

/** The `package.json` of a project that is taken, made from its own: without Nx, and without what only tests need. */
export function createProjectManifest({ nx: _nx, ...manifest }: Manifest): Manifest {
  const { exports, dependencies = {}, devDependencies = {} } = manifest
  return {
    ...manifest,
    ...(typeof exports === 'object' && { exports: withoutTests(exports) }),
    dependencies: Object.fromEntries(Object.entries(dependencies).map(fromFolder)),
    devDependencies: Object.fromEntries(
      Object.entries(devDependencies).filter(
        ([name]) => name.startsWith('@types/') && basename(name) in dependencies,
      ),
    ),
  }
}

function withoutTests(exports: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(exports).filter(([, path]) => path.startsWith('./src/')))
}

/**
 * A library of the workspace by its folder. By a version, npm would ask the registry as soon as the folder
 * had another or were gone, and get what somebody else has published under the name.
 */
function fromFolder([name, version]: [string, string]): [string, string] {
  const [scope, library] = name.split('/')
  return [name, scope === '@basics' ? `file:../../libs/${library}` : version]
}
