import { prompts } from '../authorization-request/prompt.ts'
import { responseTypes } from '../authorization-request/response-type.ts'
import { clientAuthenticationMethods } from '../client-authentication/authenticate-client.ts'
import { clientSigningAlgorithms } from '../client-authentication/client-keys.ts'
import type { Provider } from '../configuration.ts'
import type { Resources } from '../model/resources.ts'
import type { ProviderOptions } from '../provider-options.ts'
import { paths } from './paths.ts'
import { grants } from './token.ts'

/** Documents already made, by what they say: the options, the resources, and the issuer. */
const documents = new WeakMap<ProviderOptions, WeakMap<Resources, Map<string, object>>>()
const maximumIssuers = 100

/**
 * What this service can do, for clients to configure themselves from. It is made from the tables that
 * the endpoints dispatch on, so that it says neither more nor less than what works.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc8414.html#section-2 RFC 8414 §2}
 * @see {@link https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata OIDC Discovery §3}
 */
export async function discoveryEndpoint(provider: Provider): Promise<object> {
  const resources = await provider.resources.getAllResources()
  const byIssuer = documentsOf(provider.options, resources)
  const document = byIssuer.get(provider.issuer) ?? createDocument(provider, resources)
  // An issuer taken from the request is the request's to choose.
  if (byIssuer.size < maximumIssuers) byIssuer.set(provider.issuer, document)
  return document
}

function documentsOf(options: ProviderOptions, resources: Resources): Map<string, object> {
  const byResources = documents.get(options) ?? new WeakMap<Resources, Map<string, object>>()
  documents.set(options, byResources)
  const byIssuer = byResources.get(resources) ?? new Map<string, object>()
  byResources.set(resources, byIssuer)
  return byIssuer
}

function createDocument({ issuer, options }: Provider, resources: Resources): object {
  const methods = [...clientAuthenticationMethods.keys()]
  return {
    issuer,
    jwks_uri: issuer + paths.jwks,
    authorization_endpoint: issuer + paths.authorize,
    token_endpoint: issuer + paths.token,
    userinfo_endpoint: issuer + paths.userinfo,
    end_session_endpoint: issuer + paths.endSession,
    check_session_iframe: issuer + paths.checkSession,
    frontchannel_logout_supported: true,
    frontchannel_logout_session_supported: true,
    backchannel_logout_supported: true,
    backchannel_logout_session_supported: true,
    revocation_endpoint: issuer + paths.revocation,
    introspection_endpoint: issuer + paths.introspection,
    scopes_supported: scopesOf(resources),
    claims_supported: claimsOf(resources),
    response_types_supported: [...responseTypes.keys()],
    response_modes_supported: responseModes(),
    prompt_values_supported: prompts,
    code_challenge_methods_supported: ['S256'],
    authorization_response_iss_parameter_supported: true,
    claims_parameter_supported: true,
    pushed_authorization_request_endpoint: issuer + paths.pushedAuthorization,
    require_pushed_authorization_requests: options.requirePushedAuthorization,
    request_parameter_supported: true,
    request_object_signing_alg_values_supported: clientSigningAlgorithms,
    // Absent, this one would mean true.
    request_uri_parameter_supported: options.requestUriParameter !== 'refused',
    require_request_uri_registration: true,
    grant_types_supported: grantTypes(),
    ...authenticationAt('token', methods),
    ...authenticationAt('revocation', methods),
    // Nobody may try out tokens without saying who asks (RFC 7662 §4).
    ...authenticationAt(
      'introspection',
      methods.filter((method) => method !== 'none'),
    ),
    introspection_signing_alg_values_supported: [options.introspectionSigningAlgorithm],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: [options.identityTokenSigningAlgorithm],
  }
}

function scopesOf({ identityResources, apiScopes }: Resources): string[] {
  const shown = [...identityResources, ...apiScopes].filter(isShown)
  return [...shown.map(({ name }) => name), 'offline_access']
}

function claimsOf({ identityResources, apiScopes, apiResources }: Resources): string[] {
  const shown = [...identityResources, ...apiScopes, ...apiResources].filter(isShown)
  return [...new Set(shown.flatMap(({ userClaims }) => userClaims ?? []))]
}

function isShown({ showInDiscoveryDocument }: { showInDiscoveryDocument?: boolean }): boolean {
  return showInDiscoveryDocument !== false
}

/** `implicit` never comes to the token endpoint; `hybrid` is a name of registrations alone (RFC 7591 §2.1). */
function grantTypes(): string[] {
  return [...grants.keys(), 'implicit']
}

function responseModes(): string[] {
  return [...new Set([...responseTypes.values()].flatMap((type) => type.responseModes))]
}

/** The signing algorithms are there if and only if a JWT can be used (RFC 8414 §2). */
function authenticationAt(
  endpoint: string,
  methods: readonly string[],
): Record<string, readonly string[]> {
  return {
    [`${endpoint}_endpoint_auth_methods_supported`]: methods,
    [`${endpoint}_endpoint_auth_signing_alg_values_supported`]: clientSigningAlgorithms,
  }
}
