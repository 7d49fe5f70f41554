import type { Client } from '../model/client.ts'
import type { Resources } from '../model/resources.ts'
import type { Findings } from './findings.ts'
import { subjectOfClient } from './read-client.ts'

interface RegisteredClients {
  readonly besides: readonly Client[]
  readonly whereRegistered: ((clientId: string) => string | undefined) | undefined
}

/** Each id belongs to one client, of this file or of those that are registered already. */
export function reportIdsTwice(
  values: readonly unknown[],
  findings: Findings,
  { besides, whereRegistered }: RegisteredClients,
): void {
  const builtIn = new Set(besides.map(({ clientId }) => clientId))
  const first = new Map<string, number>()
  for (const [index, value] of values.entries()) {
    const { clientId } = Object(value) as { clientId?: unknown }
    if (typeof clientId !== 'string') continue
    const other = first.get(clientId)
    const where = builtIn.has(clientId)
      ? 'a client that is registered already'
      : other === undefined
        ? whereRegistered?.(clientId)
        : findings.pathOf(['clients', other])
    if (where !== undefined)
      findings.problem(
        subjectOfClient(value),
        ['clients', index, 'clientId'],
        `is '${clientId}', as of ${where}; expected an id of its own`,
      )
    first.set(clientId, other ?? index)
  }
}

/** They may be registered elsewhere, one day; until then a client asks for them in vain. */
export function warnOfUnknownScopes(
  clients: readonly (Client | undefined)[],
  resources: readonly Resources[],
  findings: Findings,
): void {
  const known = new Set(
    resources.flatMap(({ identityResources, apiScopes }) =>
      [...identityResources, ...apiScopes].map(({ name }) => name),
    ),
  )
  for (const [index, client] of clients.entries())
    for (const [place, scope] of (client?.allowedScopes ?? []).entries())
      if (!known.has(scope))
        findings.warning(
          subjectOfClient(client),
          ['clients', index, 'allowedScopes', place],
          `is '${scope}', which is no scope; register it in ApiScopes or IdentityResources`,
        )
}
