import { ConfigurationError } from '../model/configuration-error.ts'
import type { Findings } from './findings.ts'
import { expected } from './values.ts'

type ListName = 'clients' | 'apiScopes' | 'apiResources' | 'identityResources'

/** The section with its lists, whose items are still to be read. */
export interface Section extends Readonly<Record<ListName, readonly unknown[]>> {
  readonly issuerUri: unknown
}

/**
 * The section `IdentityServer` of a configuration file.
 *
 * @throws {ConfigurationError} when there is none
 */
export function findSection(root: unknown): object {
  const [, section] =
    Object.entries(Object(root)).find(([name]) => name.toLowerCase() === 'identityserver') ?? []
  if (typeof section === 'object' && section !== null && !Array.isArray(section)) return section
  const { error } = expected('an object such as {"Clients": []}')
  throw new ConfigurationError([
    { subject: 'configuration', path: 'IdentityServer', message: error({ input: section }) },
  ])
}

/** @param section with the names of its properties as the schema has them */
export function readLists(section: unknown, findings: Findings): Section {
  const values = Object(section) as Record<string, unknown>
  const readList = (name: ListName): readonly unknown[] => {
    const value = values[name]
    if (value === undefined || Array.isArray(value)) return value ?? []
    findings.problem('IdentityServer', [name], expected('a list').error({ input: value }))
    return []
  }
  return {
    issuerUri: values.issuerUri,
    clients: readList('clients'),
    apiScopes: readList('apiScopes'),
    apiResources: readList('apiResources'),
    identityResources: readList('identityResources'),
  }
}
