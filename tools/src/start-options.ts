import { parseArgs } from 'node:util'

import { isServer, type Project } from './projects.ts'

/** What `npm start` is to run. */
export interface StartOptions {
  /** Whether the inspector is among the servers, and the others are recorded for it. */
  readonly isWatched: boolean
  readonly servers: readonly Project[]
}

/**
 * Reads the command line of `npm start`: `--no-inspect`, and `--without <server>` for each that runs
 * elsewhere and needs its port.
 *
 * @param apps those of the workspace
 * @throws {Error} whose message names what is unknown, and what there is
 */
export function readStartOptions(
  args: readonly string[],
  apps: readonly Project[],
  { NODE_ENV }: { readonly NODE_ENV?: string | undefined },
): StartOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      'no-inspect': { type: 'boolean', default: false },
      without: { type: 'string', multiple: true, default: [] },
    },
  })
  const without = values.without.map((name) => requireServer(name, apps))
  // In production the inspector would refuse to show secrets.
  const mayWatch = NODE_ENV !== 'production' && !values['no-inspect']
  const servers = apps
    .filter(isServer)
    .filter(({ kind, name }) => (kind !== 'tool' || mayWatch) && !without.includes(name))
  return { isWatched: servers.some(({ kind }) => kind === 'tool'), servers }
}

function requireServer(name: string, apps: readonly Project[]): string {
  const names = apps.filter(isServer).map((app) => app.name)
  if (names.includes(name)) return name
  throw new Error(`--without ${name}: npm start runs no such server. It runs ${names.join(', ')}`)
}
