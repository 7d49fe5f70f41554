import { fetchJson } from './fetch-json.ts'
import { type IssuerDocument, issuerDocument } from './issuer-document.ts'
import type { Settings } from './settings.ts'

/** The part of the discovery document that an API needs. */
export interface IssuerMetadata {
  readonly jwks_uri: string
  readonly introspection_endpoint: string | undefined
}

/**
 * The issuer's discovery document.
 *
 * @see {@link https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfig OIDC Discovery §4}
 * @see {@link https://www.rfc-editor.org/rfc/rfc8414.html#section-3 RFC 8414 §3}
 */
export function issuerMetadata(settings: Settings): IssuerDocument<IssuerMetadata> {
  const { issuer, timeoutSeconds } = settings
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
  const load = async () => readMetadata(await fetchJson(url, timeoutSeconds), issuer)
  return issuerDocument(url, load, settings)
}

/**
 * Reads a discovery document that claims to be the issuer's.
 *
 * @throws {Error} that says what is wrong with it.
 * @see {@link https://www.rfc-editor.org/rfc/rfc8414.html#section-3.3 RFC 8414 §3.3}
 */
export function readMetadata(document: Record<string, unknown>, issuer: string): IssuerMetadata {
  if (document.issuer !== issuer)
    throw new Error(
      `its issuer is ${JSON.stringify(document.issuer)}, not the configured ${issuer}`,
    )
  const jwks_uri = readEndpoint(document, 'jwks_uri', issuer)
  if (jwks_uri === undefined) throw new Error('it names no jwks_uri')
  return {
    jwks_uri,
    introspection_endpoint: readEndpoint(document, 'introspection_endpoint', issuer),
  }
}

/** Keys and secrets must not travel less protected than the document that names the place for them. */
function readEndpoint(
  document: Record<string, unknown>,
  name: string,
  issuer: string,
): string | undefined {
  const endpoint = document[name]
  if (endpoint === undefined) return undefined
  if (typeof endpoint !== 'string' || !URL.canParse(endpoint))
    throw new Error(`its ${name} is not a URL`)
  const { protocol } = new URL(endpoint)
  if (protocol !== 'https:' && protocol !== new URL(issuer).protocol)
    throw new Error(`its ${name} is not an https URL`)
  return endpoint
}
