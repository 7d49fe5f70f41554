import { AuthorizationError } from '@basics/protocol'

import type { AuthorizationRequest } from '../authorization-request/authorization-request.ts'
import type { Provider } from '../configuration.ts'
import type { Issued } from '../stores/handles.ts'
import { isConsentRemembered } from './consent.ts'
import type { LoginSession } from './login-session.ts'
import type { WaitingRequest } from './waiting-request.ts'

export type RequiredInteraction =
  | { readonly page: 'login' }
  | { readonly page: 'consent'; readonly session: LoginSession }
  /** Nothing is left to ask: this user grants this scope. */
  | ({ readonly page: undefined } & Decision)

/** What the user grants, and in which session. */
export interface Decision {
  readonly session: LoginSession
  readonly scope: readonly string[]
  /** The user's own name for the device. */
  readonly description?: string
  /**
   * The consent that it rests on, given before or to this request: the user may take it back at any moment.
   * Absent when none had to be asked for.
   */
  readonly consent?: 'remembered' | 'answered'
}

/**
 * What has to be asked of the user before the request can be answered.
 *
 * @param waiting what the user has answered already, when the request has waited for them
 * @throws {AuthorizationError} when the user refused, or must not be asked.
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#Authenticates OIDC Core §3.1.2.3}
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#Consent OIDC Core §3.1.2.4}
 */
export async function requiredInteraction(
  request: AuthorizationRequest,
  session: LoginSession | undefined,
  waiting: Issued<WaitingRequest> | undefined,
  provider: Provider,
): Promise<RequiredInteraction> {
  if (waiting?.denied === true) throw new AuthorizationError('access_denied', 'the user refused')
  const isSilent = request.prompt.has('none')

  if (session === undefined || (await needsLogin(request, session, waiting, provider))) {
    if (isSilent) throw new AuthorizationError('login_required', 'the user has to sign in')
    return { page: 'login' }
  }
  if (request.expected_sub !== undefined && request.expected_sub !== session.sub) {
    const hasJustSignedIn = waiting !== undefined && session.authTime >= waiting.created
    if (isSilent || hasJustSignedIn)
      throw new AuthorizationError('login_required', 'another user is signed in')
    return { page: 'login' }
  }
  const answer = waiting?.consent
  if (answer?.sub === session.sub) {
    const { description } = answer
    const scope = requireSomething(answer.scope, request)
    return {
      page: undefined,
      session,
      scope,
      consent: 'answered',
      ...(description !== undefined && { description }),
    }
  }
  if (await needsConsent(request, session, provider)) {
    if (isSilent) throw new AuthorizationError('consent_required', 'the user has to consent')
    return { page: 'consent', session }
  }
  const { requireConsent } = request.client
  const { scope } = request
  return { page: undefined, session, scope, ...(requireConsent && { consent: 'remembered' }) }
}

/** Whether the login is missing something that signing in again would bring. */
async function needsLogin(
  { client, prompt, max_age, idp }: AuthorizationRequest,
  session: LoginSession,
  waiting: Issued<WaitingRequest> | undefined,
  { users, now, options }: Provider,
): Promise<boolean> {
  const user = await users.findUserBySub(session.sub)
  if (user === undefined || user.active === false) return true
  const age = (now() - session.authTime) / 1000
  // No login is 0 s old by the time it is looked at: that value asks for a fresh one.
  if (age > Math.min(max_age || Infinity, client.userSsoLifetime ?? Infinity)) return true
  // Whatever asks for a fresh login is content with one that the request itself led to.
  if (waiting !== undefined && session.authTime >= waiting.created) return false
  if (prompt.has('login') || prompt.has('select_account') || max_age === 0) return true
  return idp !== undefined && idp !== session.idp && options.identityProviders.includes(idp)
}

async function needsConsent(
  { client, prompt, scope }: AuthorizationRequest,
  session: LoginSession,
  provider: Provider,
): Promise<boolean> {
  if (prompt.has('consent')) return true
  if (!client.requireConsent) return false
  return !(await isConsentRemembered(client, session.sub, scope, provider))
}

/** Of what was asked for, what the user left ticked; a required scope cannot have been unticked. */
function requireSomething(
  consented: readonly string[],
  { scope, resources, response_type }: AuthorizationRequest,
): readonly string[] {
  const granted = scope.filter((name) => consented.includes(name))
  const required = [...resources.identityResources, ...resources.apiScopes]
    .filter((resource) => resource.required === true)
    .map(({ name }) => name)
  if (response_type.returns.has('id_token')) required.push('openid')
  if (granted.length === 0 || !required.every((name) => granted.includes(name)))
    throw new AuthorizationError('access_denied', 'the user consented to too little')
  return granted
}
