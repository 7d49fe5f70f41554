import { AuthorizationError } from '@basics/protocol'

import type { ResponseTarget } from '../authorization-response/response-target.ts'
import type { Provider } from '../configuration.ts'
import { readAcrValues } from './acr-values.ts'
import type { AuthorizationRequest } from './authorization-request.ts'
import { readClaims } from './claims.ts'
import { readClient } from './client.ts'
import { readCodeChallenge } from './code-challenge.ts'
import { readExpectedSubject } from './expected-subject.ts'
import { readNonce } from './nonce.ts'
import { readMaxAge, readPrompt } from './prompt.ts'
import type { ReceivedRequest } from './received-request.ts'
import { readResponseTarget } from './redirect-uri.ts'
import { RefusedAtClient } from './refused-at-client.ts'
import { requireWay } from './required-way.ts'
import { readResource } from './resource.ts'
import { readResponseType } from './response-type.ts'
import { readRequestedScope } from './scope.ts'
import { readDisplay, readLoginHint, readUiLocales } from './user-interface.ts'

/**
 * Reads an authorization request: the ordered list of what is checked. Parameters it does not know are
 * ignored.
 *
 * @throws {AuthorizationError} before the redirect URI is proven: only the user can be told.
 * @throws {RefusedAtClient} afterwards: the client is told, at that URI.
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-4.1.1 RFC 6749 §4.1.1}
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#AuthRequestValidation OIDC Core §3.1.2.2}
 */
export async function readAuthorizationRequest(
  request: ReceivedRequest,
  provider: Provider,
): Promise<AuthorizationRequest> {
  const client = await readClient(request.parameters, provider)
  const target = readResponseTarget(request, client, provider.options)
  try {
    return await readAnswerable(request, target, provider)
  } catch (error) {
    if (error instanceof AuthorizationError) throw new RefusedAtClient(target, error)
    throw error
  }
}

async function readAnswerable(
  request: ReceivedRequest,
  target: ResponseTarget,
  provider: Provider,
): Promise<AuthorizationRequest> {
  const { parameters } = request
  const { client } = target
  requireWay(request, client, provider)
  const response_type = readResponseType(parameters, client)
  const code_challenge = readCodeChallenge(parameters, client, response_type)
  const requested = await readRequestedScope(parameters, client, response_type, provider)
  const { scope, resources } = requested
  const resource = readResource(parameters, resources)
  const nonce = readNonce(parameters, response_type)
  const prompt = readPrompt(parameters)
  const max_age = readMaxAge(parameters)
  const claims = readClaims(parameters, response_type)
  const expected_sub = await readExpectedSubject(parameters, claims, provider)
  const { acr_values, idp } = readAcrValues(parameters)
  return {
    client,
    target,
    response_type,
    scope,
    resources,
    resource,
    code_challenge,
    nonce,
    prompt,
    max_age,
    expected_sub,
    claims,
    display: readDisplay(parameters),
    ui_locales: readUiLocales(parameters),
    login_hint: readLoginHint(parameters),
    acr_values,
    idp,
  }
}
