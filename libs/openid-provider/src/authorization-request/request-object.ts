import { AuthorizationError, type FormParameters } from '@basics/protocol'
import { errors, type JWTPayload } from 'jose'

import {
  clientJwtSkew,
  isFirstUse,
  maximumClientJwt,
  problemWithIssueTime,
  problemWithLifetime,
} from '../client-authentication/client-jwt.ts'
import { verifyWithClientKeys } from '../client-authentication/client-keys.ts'
import { describeRefusal } from '../client-authentication/describe-refusal.ts'
import type { Provider } from '../configuration.ts'
import type { RegisteredClient } from '../model/client.ts'
import { ExplainedError } from './explained-error.ts'

/** What the object says about itself, and not about the request. */
const envelope = new Set(['iss', 'aud', 'exp', 'nbf', 'iat', 'jti'])

/**
 * Reads the parameters out of a request object: the client has signed them, so nobody between the two
 * can have changed one.
 *
 * @throws {AuthorizationError} `invalid_request_object`
 * @see {@link https://www.rfc-editor.org/rfc/rfc9101.html#section-6.2 RFC 9101 §6.2}
 * @see {@link https://www.rfc-editor.org/rfc/rfc9101.html#section-6.3 RFC 9101 §6.3}
 */
export async function readRequestObject(
  object: string,
  client: RegisteredClient,
  provider: Provider,
): Promise<FormParameters> {
  if (object.length > maximumClientJwt)
    throw invalid(`is longer than ${maximumClientJwt} characters`)
  const claims = await verify(object, client, provider)
  requireForUs(claims, client, provider)
  requireShortLifetime(claims, provider)
  requireIssued(claims, provider)
  requireNoReference(claims)
  requireNoAssertion(claims)
  await requireFirstUse(object, claims, client, provider)
  return readParameters(claims)
}

async function verify(
  object: string,
  client: RegisteredClient,
  provider: Provider,
): Promise<JWTPayload> {
  try {
    return await verifyWithClientKeys(object, client.clientSecrets, {
      types: ['oauth-authz-req+jwt', 'JWT'],
      requiredClaims: ['iss', 'aud', 'exp', 'client_id'],
      clockTolerance: clientJwtSkew,
      now: provider.now(),
    })
  } catch (error) {
    if (!(error instanceof errors.JOSEError)) throw error
    if (isOfTime(error)) throw untimely(describeRefusal(error))
    throw invalid(`is refused: ${describeRefusal(error)}`)
  }
}

/** The signature is good then: it is checked before. */
function isOfTime(error: errors.JOSEError): boolean {
  if (error instanceof errors.JWTExpired) return true
  return (
    error instanceof errors.JWTClaimValidationFailed &&
    error.claim === 'nbf' &&
    error.reason === 'check_failed'
  )
}

function requireForUs(
  { iss, aud, client_id }: JWTPayload,
  { clientId }: RegisteredClient,
  { issuer }: Provider,
): void {
  if (client_id !== clientId) throw invalid('has another client_id than the request')
  if (iss !== clientId) throw invalid('has an iss that is not the client_id')
  if (![aud].flat().includes(issuer)) throw invalid(`has an aud without the issuer, ${issuer}`)
}

function requireShortLifetime(claims: JWTPayload, provider: Provider): void {
  const problem = problemWithLifetime(claims, provider)
  if (problem !== undefined) throw invalid(`is refused: ${problem}`)
}

function requireIssued(claims: JWTPayload, provider: Provider): void {
  const problem = problemWithIssueTime(claims, provider)
  if (problem !== undefined) throw untimely(problem)
}

/** With `sub`, it could pass for the client's assertion (RFC 9101 §10.8). */
function requireNoAssertion({ sub }: JWTPayload): void {
  if (sub !== undefined) throw invalid('has a sub, as assertions have')
}

/** `request` and `request_uri` MUST NOT be included in Request Objects (RFC 9101 §4). */
function requireNoReference(claims: JWTPayload): void {
  if (claims.request !== undefined || claims.request_uri !== undefined)
    throw invalid('holds a request or request_uri itself')
}

/** Found by its `jti`, or whole when it has none. */
async function requireFirstUse(
  object: string,
  claims: JWTPayload,
  { clientId }: RegisteredClient,
  provider: Provider,
): Promise<void> {
  const { jti = object } = claims
  if (typeof jti !== 'string' || jti === '') throw invalid('has a jti that is not a text')
  if (!(await isFirstUse(jti, claims, clientId, provider))) throw invalid('was used before')
}

/** As the parameters would be written in a query (RFC 9101 §4): numbers and JSON as their text. */
function readParameters(claims: JWTPayload): FormParameters {
  const parameters: Record<string, string> = Object.create(null)
  for (const [name, value] of Object.entries(claims)) {
    if (envelope.has(name) || value === undefined || value === null || value === '') continue
    parameters[name] = textOf(name, value)
    if (parameters[name].includes('\0')) throw invalid(`has a NUL in ${name}`)
  }
  return parameters
}

function textOf(name: string, value: unknown): string {
  if (typeof value === 'string') return value
  if (name === 'resource' && Array.isArray(value)) return value.join(' ')
  return JSON.stringify(value)
}

function invalid(problem: string): AuthorizationError {
  return new AuthorizationError('invalid_request_object', `the request object ${problem}`)
}

function untimely(problem: string): AuthorizationError {
  return new ExplainedError(
    'invalid_request_object',
    `the request object is refused: ${problem}. Do the clocks of client and server differ?`,
    { reason: 'wrong_time' },
  )
}
