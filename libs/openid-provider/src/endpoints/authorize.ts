import { AuthorizationError } from '@basics/protocol'

import type { AuthorizationRequest } from '../authorization-request/authorization-request.ts'
import { readAuthorizationRequest } from '../authorization-request/read-authorization-request.ts'
import { receiveAuthorizationRequest } from '../authorization-request/receive-authorization-request.ts'
import type { ReceivedRequest } from '../authorization-request/received-request.ts'
import { RefusedAtClient } from '../authorization-request/refused-at-client.ts'
import { authorizationResponse } from '../authorization-response/authorization-response.ts'
import {
  type Authorization,
  issueAuthorizationResponse,
} from '../authorization-response/issue-authorization-response.ts'
import { createSessionState } from '../authorization-response/session-state.ts'
import type { BrowserRequest } from '../browser-endpoint.ts'
import { BrowserResponse } from '../browser-response.ts'
import type { Provider } from '../configuration.ts'
import { isLive } from '../sessions/login-session.ts'
import { requiredInteraction } from '../sessions/required-interaction.ts'
import { createReturnUrl, keepWaiting, stopWaiting } from '../sessions/waiting-request.ts'
import { paths } from './paths.ts'

/**
 * The authorization endpoint: who is the user, and do they grant what the client asks for? Answers the
 * client at once, or sends the user to a page first, which leads back to {@link authorizeCallback}.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-3.1 RFC 6749 §3.1}
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#AuthorizationEndpoint OIDC Core §3.1.2}
 */
export async function authorizeEndpoint(
  request: BrowserRequest,
  provider: Provider,
): Promise<BrowserResponse> {
  const { method, session, logLine } = request
  logLine.client_id = request.parameters.client_id?.slice(0, 100)
  const received = await receiveAuthorizationRequest(request.parameters, provider)
  const authorization = await readRequest(request, received, provider)
  // A form that another site posts comes without the session's cookie; a redirect brings it along.
  if (method === 'POST')
    return BrowserResponse.redirectHere(paths.authorizeCallback, {
      id: await keepWaiting(received, provider),
    })

  const interaction = await decide(authorization, request, () =>
    requiredInteraction(authorization, session, undefined, provider),
  )
  if (interaction.page === undefined)
    return succeed(authorization, received, request, interaction, provider)
  return ask(interaction.page, await keepWaiting(received, provider), provider)
}

/** Where the host's pages send the user back to, by their `returnUrl`. */
export async function authorizeCallback(
  request: BrowserRequest,
  provider: Provider,
): Promise<BrowserResponse> {
  const { id = '' } = request.parameters
  const waiting = await provider.waitingRequests.get(id)
  if (waiting === undefined) throw answered()
  const authorization = await readRequest(request, waiting, provider)

  const interaction = await decide(authorization, request, () =>
    requiredInteraction(authorization, request.session, waiting, provider),
  ).catch(async (error: unknown) => {
    // A refusal is an answer too: it is not given again to someone who goes back and signs in.
    if (error instanceof RefusedAtClient) await provider.waitingRequests.remove(id)
    throw error
  })
  if (interaction.page !== undefined) return ask(interaction.page, id, provider)
  if (!(await stopWaiting(id, waiting, provider))) throw answered()
  return succeed(authorization, waiting, request, { ...interaction, waitingId: id }, provider)
}

function answered(): AuthorizationError {
  return new AuthorizationError('invalid_request', 'the request was answered, or has expired')
}

/** The log says which client was claimed, also when the request is no good. */
async function readRequest(
  { logLine }: BrowserRequest,
  received: ReceivedRequest,
  provider: Provider,
): Promise<AuthorizationRequest> {
  logLine.client_id = received.parameters.client_id?.slice(0, 100)
  return readAuthorizationRequest(received, provider)
}

/** What goes wrong from here on is for the client to know. */
async function decide<T>(
  authorization: AuthorizationRequest,
  { browserState, session }: BrowserRequest,
  decision: () => Promise<T>,
): Promise<T> {
  try {
    return await decision()
  } catch (error) {
    if (!(error instanceof AuthorizationError)) throw error
    const told = createSessionState(authorization, () => browserState(session))
    throw new RefusedAtClient(authorization.target, error, told)
  }
}

function ask(page: 'login' | 'consent', id: string, provider: Provider): BrowserResponse {
  const { pages } = provider
  return BrowserResponse.redirectHere(pages[page], { returnUrl: createReturnUrl(id, provider) })
}

async function succeed(
  authorization: AuthorizationRequest,
  received: ReceivedRequest,
  request: BrowserRequest,
  decision: Omit<Authorization, 'authorization'>,
  provider: Provider,
): Promise<BrowserResponse> {
  const { browserState, session } = request
  const issued = await decide(authorization, request, () =>
    issueAuthorizationResponse({ ...decision, authorization }, provider),
  )
  if (issued === undefined) return startOver(authorization, received, request, provider)
  const told = createSessionState(authorization, () => browserState(session))
  return authorizationResponse(authorization.target, { ...issued, ...told }, provider.issuer)
}

/** The session or the consent has ended meanwhile: as if the user came only now. */
async function startOver(
  authorization: AuthorizationRequest,
  { parameters, isSigned, isPushed }: ReceivedRequest,
  request: BrowserRequest,
  provider: Provider,
): Promise<BrowserResponse> {
  const { sid = '' } = request.session ?? {}
  const session = (await isLive(sid, provider.store)) ? request.session : undefined
  const page = await decide(authorization, { ...request, session }, async () => {
    const required = await requiredInteraction(authorization, session, undefined, provider)
    // What was taken back may have been granted anew by now: the user says which of the two counts.
    if (required.page === undefined && authorization.prompt.has('none'))
      throw new AuthorizationError('consent_required', 'the user has to consent')
    return required.page ?? 'consent'
  })
  return ask(page, await keepWaiting({ parameters, isSigned, isPushed }, provider), provider)
}
