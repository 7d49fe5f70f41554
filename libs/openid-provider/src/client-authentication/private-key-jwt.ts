import { OAuthError } from '@basics/protocol'
import { decodeJwt, errors, type JWTPayload } from 'jose'

import type { Provider } from '../configuration.ts'
import { paths } from '../endpoints/paths.ts'
import type { RegisteredClient } from '../model/client.ts'
import type { Secret } from '../model/secret.ts'
import type { ProtocolRequest } from '../protocol-endpoint.ts'
import type { ClientAuthenticationMethod } from './authenticate-client.ts'
import {
  clientJwtSkew,
  isFirstUse,
  maximumClientJwt,
  problemWithIssueTime,
  problemWithLifetime,
} from './client-jwt.ts'
import { verifyWithClientKeys } from './client-keys.ts'
import { describeRefusal } from './describe-refusal.ts'

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/**
 * The client signs an assertion with its private key; the token service has only the public one, so it
 * holds nothing that could be stolen from it.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc7523.html#section-3 RFC 7523 §3}
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#ClientAuthentication OIDC Core §9}
 */
export const privateKeyJwt: ClientAuthenticationMethod = {
  isUsed: ({ parameters }) =>
    parameters.client_assertion !== undefined || parameters.client_assertion_type !== undefined,

  async authenticate(request, provider) {
    const { assertion, client_id } = readAssertion(request)
    const client = await provider.clients.findClientById(client_id)
    // An unknown client has no keys, and gets the answer that a wrong key gets.
    const claims = await verify(assertion, client?.clientSecrets ?? [], provider)
    if (client === undefined) throw invalid('unknown client')
    requireAudience(claims, client, provider)
    requireShortLifetime(claims, provider)
    requireNoRequest(claims)
    await requireFirstUse(claims, client, provider)
    return client
  },
}

/** Whose assertion it claims to be: `client_id` is optional, `sub` says the same (RFC 7521 §4.2). */
function readAssertion(request: ProtocolRequest): { assertion: string; client_id: string } {
  const { client_assertion, client_assertion_type } = request.parameters
  if (client_assertion_type !== assertionType)
    throw invalid(`client_assertion_type is not ${assertionType}`)
  if (client_assertion === undefined) throw invalid('client_assertion is missing')
  if (client_assertion.length > maximumClientJwt)
    throw invalid(`client_assertion is longer than ${maximumClientJwt} characters`)
  const { sub, iss } = readClaims(client_assertion)
  if (typeof sub !== 'string') throw invalid('the assertion has no sub; it is to be the client_id')
  request.logLine.client_id = sub.slice(0, 100)
  if (iss !== sub)
    throw invalid('iss and sub of the assertion differ; both are to be the client_id')
  return { assertion: client_assertion, client_id: sub }
}

function readClaims(assertion: string): JWTPayload {
  try {
    return decodeJwt(assertion)
  } catch {
    throw invalid('client_assertion is not a JWT')
  }
}

async function verify(
  assertion: string,
  secrets: readonly Secret[],
  provider: Provider,
): Promise<JWTPayload> {
  try {
    return await verifyWithClientKeys(assertion, secrets, {
      types: ['JWT', 'client-authentication+jwt'],
      requiredClaims: ['aud', 'exp', 'jti'],
      clockTolerance: clientJwtSkew,
      now: provider.now(),
    })
  } catch (error) {
    if (!(error instanceof errors.JOSEError)) throw error
    throw invalid(`the assertion is refused: ${describeRefusal(error)}`)
  }
}

/**
 * The issuer alone: an assertion addressed to several servers can be used by one at another. Clients from before that
 * was understood name an endpoint, or several audiences.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc7523.html#section-3 RFC 7523 §3}, item 3
 * @see {@link https://www.rfc-editor.org/rfc/rfc8725.html#section-3.9 RFC 8725 §3.9}
 * @see {@link https://www.rfc-editor.org/rfc/rfc9126.html#section-2 RFC 9126 §2}
 */
function requireAudience(
  { aud }: JWTPayload,
  { strictAssertionAudience }: RegisteredClient,
  { issuer }: Provider,
): void {
  if (aud === issuer) return
  if (strictAssertionAudience)
    throw invalid(`aud of the assertion is not the issuer, ${issuer}, as a single string`)
  const accepted: unknown[] = [issuer, issuer + paths.token, issuer + paths.pushedAuthorization]
  if (![aud].flat().some((value) => accepted.includes(value)))
    throw invalid(`aud of the assertion names none of ${accepted.join(', ')}`)
}

function requireShortLifetime(claims: JWTPayload, provider: Provider): void {
  const problem = problemWithLifetime(claims, provider) ?? problemWithIssueTime(claims, provider)
  if (problem !== undefined) throw invalid(`the assertion is refused: ${problem}`)
}

/** Whoever sees an authorization request in the browser must not hold a credential in it. */
function requireNoRequest({ response_type, redirect_uri }: JWTPayload): void {
  if (response_type !== undefined || redirect_uri !== undefined)
    throw invalid('the assertion holds an authorization request')
}

/** An assertion is used once (RFC 7523 §3, item 7). */
async function requireFirstUse(
  claims: JWTPayload,
  { clientId }: RegisteredClient,
  provider: Provider,
): Promise<void> {
  const { jti } = claims
  if (typeof jti !== 'string' || jti === '') throw invalid('jti of the assertion is not a text')
  if (!(await isFirstUse(jti, claims, clientId, provider)))
    throw invalid('the assertion was used before; sign a new one, with a new jti')
}

function invalid(description: string): OAuthError {
  return new OAuthError('invalid_client', description)
}
