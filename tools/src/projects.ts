import { globSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path/posix'
import { fileURLToPath } from 'node:url'

/** The workspace's folder: an absolute path that ends in a separator. */
export const workspaceRoot = fileURLToPath(new URL('../../', import.meta.url))

/** Where Node keeps what it has compiled: nx.json names the same folder for `nx serve`. */
export const compileCache = fileURLToPath(new URL('../../.nx/compile-cache', import.meta.url))

export interface Project {
  /** The name it has in Nx. */
  readonly name: string
  readonly packageName: string
  /** One sentence. */
  readonly description: string
  /** Relative to the workspace's folder, with forward slashes. */
  readonly folder: string
  /** The word behind `kind:` among an app's Nx tags: server, web, console, worker or tool. */
  readonly kind: string | undefined
  /** The word behind `layer:` among the Nx tags; none for what stands above the layers. */
  readonly layer: string | undefined
  readonly targets: object
  readonly dependencies: object
  readonly devDependencies: object
}

interface Manifest {
  readonly name: string
  readonly description: string
  readonly nx: {
    readonly name: string
    readonly tags?: readonly string[]
    readonly targets: object
  }
  readonly dependencies?: object
  readonly devDependencies?: object
}

/** The projects of the workspace in the folder `root`, by folder: what each `package.json` says. */
export function readProjects(root: string): Project[] {
  return globSync('{apps/*,libs/*,bench,e2e,tools}/package.json', { cwd: root })
    .map((path) => path.replaceAll('\\', '/'))
    .sort()
    .map((path) => {
      const manifest = JSON.parse(readFileSync(root + path, 'utf8')) as Manifest
      const { name, targets, tags = [] } = manifest.nx
      return {
        name,
        packageName: manifest.name,
        description: manifest.description,
        folder: dirname(path),
        kind: readTag(tags, 'kind'),
        layer: readTag(tags, 'layer'),
        targets,
        dependencies: manifest.dependencies ?? {},
        devDependencies: manifest.devDependencies ?? {},
      }
    })
}

/** Whether an app listens on a port of its own until it is stopped: `npm start` runs these. */
export function isServer({ kind }: Project): boolean {
  return ['server', 'web', 'tool'].includes(kind ?? '')
}

function readTag(tags: readonly string[], key: string): string | undefined {
  return tags.find((tag) => tag.startsWith(`${key}:`))?.slice(key.length + 1)
}
