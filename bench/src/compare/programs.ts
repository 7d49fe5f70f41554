import { MeasuredServer, type ServerOptions } from './measured-server.ts'

/** The token services under comparison, by the column that their figures stand in. */
export const programs = {
  memory: { program: 'openid-provider', environment: { BENCH_STORE: 'memory' } },
  sqlite: { program: 'openid-provider', environment: { BENCH_STORE: 'sqlite' } },
  'oidc-provider': { program: 'oidc-provider' },
  limit: { program: 'limit' },
} as const satisfies Record<string, ServerOptions>

export type Column = keyof typeof programs

/** Servers that run, each with the name it is told apart by. */
export type Servers<Name extends string = string> = readonly (readonly [Name, MeasuredServer])[]

/** Starts servers for as long as they are used. */
export async function withServers<Name extends string, Result>(
  wanted: Readonly<Record<Name, ServerOptions>>,
  use: (servers: Servers<Name>) => Promise<Result>,
): Promise<Result> {
  const servers: [Name, MeasuredServer][] = []
  try {
    for (const [name, options] of Object.entries<ServerOptions>(wanted))
      servers.push([name as Name, await MeasuredServer.start(options, name)])
    return await use(servers)
  } finally {
    for (const [, server] of servers) await server.stop()
  }
}
