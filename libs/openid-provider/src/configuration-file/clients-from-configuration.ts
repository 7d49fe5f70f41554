import type { Client } from '../model/client.ts'
import { ConfigurationError, type ConfigurationProblem } from '../model/configuration-error.ts'
import { problemWithIssuer } from '../model/issuer.ts'
import type { Resources } from '../model/resources.ts'
import type { Secret } from '../model/secret.ts'
import { collectFindings, type Findings, reportUnknownProperties } from './findings.ts'
import { reportIdsTwice, warnOfUnknownScopes } from './names-in-use.ts'
import { parseJson } from './parse-json.ts'
import { readClient, subjectOfClient } from './read-client.ts'
import { readResources, subjectOfResource } from './read-resources.ts'
import { schemas, sectionSchema } from './registration-schema.ts'
import { findSection, readLists, type Section } from './section.ts'
import { type Path, readSpelling } from './spelling.ts'

/** What a configuration file registers, checked; defaults are left out. */
export interface ConfiguredRegistrations {
  /** Absent when the file does not say; empty when it is to be taken from each request. */
  readonly issuer?: string
  readonly clients: readonly Client[]
  readonly resources: Resources
  /** What is taken all the same but has no effect: to be logged. */
  readonly warnings: readonly ConfigurationProblem[]
}

export interface ConfigurationContext {
  /** What is registered already: its names are taken, and its scopes may be used. Default nothing. */
  readonly besides?: Registrations
  /** Where else a client of this id is registered, such as `a client of the database`, if anywhere. */
  readonly whereRegistered?: (clientId: string) => string | undefined
  /** Milliseconds since the epoch, to know which secrets have expired. Default: the time. */
  readonly now?: number
}

interface Registrations {
  readonly clients: readonly Client[]
  readonly resources: Resources
}

const nothing: Registrations = {
  clients: [],
  resources: { identityResources: [], apiScopes: [], apiResources: [] },
}

/**
 * Reads clients, scopes and APIs from the section `IdentityServer` of an `appsettings.json` of Duende
 * IdentityServer: `{"IdentityServer": {"IssuerUri": "", "Clients": [{"ClientId": …}]}}`. Names of
 * properties and of enumerations are taken in any case, shared secrets as the base64 of their SHA-256 or
 * SHA-512. Other sections are left alone.
 *
 * @param json the text of the file, in which comments and trailing commas are allowed
 * @throws {ConfigurationError} listing every mistake, each with its path as the file spells it, such as
 *   `Clients[2].AllowedCorsOrigins[0]`, what was found and what is expected. Never the value of a secret.
 */
export function clientsFromConfiguration(
  json: string,
  { besides = nothing, whereRegistered, now = Date.now() }: ConfigurationContext = {},
): ConfiguredRegistrations {
  const spelled = readSpelling(sectionSchema, findSection(parseJson(json)))
  const findings = collectFindings(spelled)
  const lists = readLists(spelled.value, findings)

  reportUnknownProperties(spelled, findings, (path) => subjectAt(path, lists))
  const issuer = readIssuer(lists.issuerUri, findings)
  const resources = readResources(lists, besides.resources, findings, now)
  const clients = lists.clients.map((value, index) =>
    readClient(value, ['clients', index], findings, now),
  )
  reportIdsTwice(lists.clients, findings, { besides: besides.clients, whereRegistered })
  warnOfUnknownScopes(clients, [besides.resources, resources], findings)

  if (findings.problems.length > 0) throw new ConfigurationError(findings.problems)
  return {
    ...(issuer !== undefined && { issuer }),
    clients: clients.filter((client) => client !== undefined),
    resources,
    warnings: findings.warnings,
  }
}

/**
 * Reads one client from JSON, written as in the list `Clients` of a configuration.
 *
 * @param options.secret what the client gets when the JSON has no `ClientSecrets`
 * @throws {ConfigurationError} listing every mistake, as {@link clientsFromConfiguration} does
 */
export function clientFromConfiguration(
  json: string,
  { now = Date.now(), secret }: { readonly now?: number; readonly secret?: Secret } = {},
): { readonly client: Client; readonly warnings: readonly ConfigurationProblem[] } {
  const spelled = readSpelling(schemas.clients, requireOneClient(parseJson(json)))
  const findings = collectFindings(spelled)
  reportUnknownProperties(spelled, findings, () => subjectOfClient(spelled.value))
  const byDefault = secret === undefined ? {} : { clientSecrets: [secret] }
  const client = readClient({ ...byDefault, ...Object(spelled.value) }, [], findings, now)
  if (client === undefined || findings.problems.length > 0)
    throw new ConfigurationError(findings.problems)
  return { client, warnings: findings.warnings }
}

/** Whoever hands over a list, or a whole file, would be told of properties that are missing from it. */
function requireOneClient(value: unknown): unknown {
  const names = Object.keys(Object(value))
  const isConfiguration = names.some((name) => /^(identityserver|clients)$/i.test(name))
  if (!Array.isArray(value) && !isConfiguration) return value
  const found = isConfiguration ? 'a whole configuration' : 'a list'
  const message = `is ${found}; expected one client alone, such as {"ClientId": "…"}`
  throw new ConfigurationError([{ subject: 'client', path: 'JSON', message }])
}

function subjectAt([list, index]: Path, lists: Section): string {
  if (typeof list !== 'string' || typeof index !== 'number') return 'IdentityServer'
  if (list === 'clients') return subjectOfClient(lists.clients[index])
  const key = list as keyof Resources
  return subjectOfResource(key, lists[key][index])
}

/** Empty: as the original, which takes it from each request then. */
function readIssuer(value: unknown, findings: Findings): string | undefined {
  if (value === undefined || value === '') return value
  const problem =
    typeof value === 'string'
      ? problemWithIssuer(value)
      : 'is no text; expected the URL of the issuer'
  if (problem !== undefined) findings.problem('IdentityServer', ['issuerUri'], problem)
  return String(value)
}
