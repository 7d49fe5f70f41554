import { AuthorizationError } from '@basics/protocol'
import type { AuthorizationRequest } from '../authorization-request/authorization-request.ts'
import { readAuthorizationRequest } from '../authorization-request/read-authorization-request.ts'
import { RefusedAtClient } from '../authorization-request/refused-at-client.ts'
import { responseOrigin } from '../authorization-response/response-target.ts'
import { isLocalPath } from '../browser-response.ts'
import type { ProviderHost } from '../configuration.ts'
import type { RegisteredClient } from '../model/client.ts'
import { requestOrigin } from '../request-origin.ts'
import { rememberConsent } from './consent.ts'
import { endLoginSession } from './end-login-session.ts'
import type {
  AuthorizationContext,
  Consent,
  Interaction,
  Login,
  LogoutContext,
} from './interaction.ts'
import { isOfSession, keepLogout } from './logout-request.ts'
import { prolongSessionClients } from './session-clients.ts'
import { describeToldClients } from './told-clients.ts'
import { findUserGrants, revokeUserGrants } from './user-grants.ts'
import { endOtherSessions, endUserSession, findUserSessions } from './user-sessions.ts'
import { readReturnUrl } from './waiting-request.ts'

/** The engine's side of {@link Interaction}. */
export function providerInteraction(provider: ProviderHost): Interaction {
  const { sessions, waitingRequests, events } = provider

  async function findWaiting(returnUrl: string | undefined) {
    const id = readReturnUrl(returnUrl)
    const waiting = id === undefined ? undefined : await waitingRequests.get(id)
    if (id === undefined || waiting === undefined) return undefined
    try {
      const request = await readAuthorizationRequest(waiting, provider)
      return { id, waiting, request }
    } catch (error) {
      // What was a valid request is none any more when its client has been changed in the meantime.
      if (error instanceof AuthorizationError || error instanceof RefusedAtClient) return undefined
      throw error
    }
  }

  const interaction: Interaction = {
    async getAuthorizationContext(returnUrl) {
      const found = await findWaiting(returnUrl)
      return found && describeRequest(found.request)
    },

    async isValidReturnUrl(returnUrl) {
      if (readReturnUrl(returnUrl) !== undefined)
        return (await findWaiting(returnUrl)) !== undefined
      return returnUrl !== undefined && isLocalPath(returnUrl)
    },

    getSession: (req) => sessions.find(req),

    async signIn(req, res, login: Login) {
      const previous = await sessions.find(req)
      const session = await sessions.begin(req, res, login)
      if (previous?.sid === session.sid) await prolongSessionClients(session, provider)
      else if (previous !== undefined) await endLoginSession(previous, provider)
      events.raise('userSignedIn', { sub: session.sub, sid: session.sid })
      return session
    },

    async signOut(req, res, logoutId) {
      const session = await sessions.end(req, res)
      if (session === undefined) return logoutId
      const clients = await endLoginSession(session, provider)
      return keepLogout(logoutId, session, clients, provider)
    },

    async grantConsent(req, returnUrl, consent: Consent) {
      const session = await sessions.find(req)
      const found = await findWaiting(returnUrl)
      if (session === undefined || found === undefined) return
      const { id, waiting, request } = found
      const scope = request.scope.filter((name) => consent.scopes.includes(name))
      const { description } = consent
      const answer = {
        sub: session.sub,
        scope,
        ...(description !== undefined && { description }),
      }
      await waitingRequests.replace(id, { ...waiting, consent: answer })
      if (consent.remember) await remember(request, session.sub, scope, consent)
      const { clientId: client_id } = request.client
      events.raise('consentGranted', { client_id, sub: session.sub, scope: scope.join(' ') })
    },

    async denyAuthorization(returnUrl) {
      const found = await findWaiting(returnUrl)
      if (found !== undefined)
        await waitingRequests.replace(found.id, { ...found.waiting, denied: true })
    },

    async getLogoutContext(req, logoutId = '') {
      const request = await provider.logoutRequests.get(logoutId)
      const here = provider.at(() => requestOrigin(req))
      const session = await sessions.find(req)
      const client =
        request?.clientId === undefined
          ? undefined
          : await provider.clients.findClientById(request.clientId)
      return {
        clientId: client?.clientId,
        clientName: client?.clientName,
        postLogoutRedirectUri: request?.postLogoutRedirectUri,
        showSignoutPrompt: session !== undefined && !isOfSession(request?.hint, session),
        told: request && (await describeToldClients(logoutId, request, here)),
      } satisfies LogoutContext
    },

    getErrorContext: async (errorId) => provider.errors.get(errorId ?? ''),

    async getGrants(req) {
      const session = await sessions.find(req)
      return session === undefined ? [] : findUserGrants(session.sub, provider)
    },

    async revokeGrants(req, clientId) {
      const session = await sessions.find(req)
      if (session !== undefined) await revokeUserGrants(session.sub, clientId, provider)
    },

    async getSessions(req) {
      const session = await sessions.find(req)
      return session === undefined ? [] : findUserSessions(session, provider)
    },

    async endSession(req, sid) {
      const session = await sessions.find(req)
      if (session !== undefined) await endUserSession(session.sub, sid, provider)
    },

    async signOutEverywhere(req, res) {
      const session = await sessions.find(req)
      if (session !== undefined) await endOtherSessions(session, provider)
      return interaction.signOut(req, res, undefined)
    },
  }
  return interaction

  async function remember(
    { client }: AuthorizationRequest,
    sub: string,
    scope: readonly string[],
    { description }: Consent,
  ): Promise<void> {
    if (!client.allowRememberConsent || scope.length === 0) return
    const consent = { scope, ...(description !== undefined && { description }) }
    await rememberConsent(client, sub, consent, provider)
  }
}

function describeRequest(request: AuthorizationRequest): AuthorizationContext {
  const { resources, scope, target } = request
  return {
    client: describeClient(request.client),
    loginHint: request.login_hint,
    uiLocales: request.ui_locales,
    display: request.display,
    acrValues: request.acr_values,
    idp: request.idp,
    identityResources: resources.identityResources,
    apiScopes: resources.apiScopes,
    apiResources: resources.apiResources,
    offlineAccess: scope.includes('offline_access'),
    responseOrigin: responseOrigin(target),
  }
}

function describeClient(client: RegisteredClient): AuthorizationContext['client'] {
  const { clientId, clientName, clientUri, logoUri, allowRememberConsent } = client
  return {
    clientId,
    allowRememberConsent,
    ...(clientName !== undefined && { clientName }),
    ...(clientUri !== undefined && { clientUri }),
    ...(logoUri !== undefined && { logoUri }),
  }
}
