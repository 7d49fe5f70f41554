import { AuthorizationError } from '@basics/protocol'
import type { AuthorizationRequest } from '../authorization-request/authorization-request.ts'
import { readAuthorizationRequest } from '../authorization-request/read-authorization-request.ts'
import { RefusedAtClient } from '../authorization-request/refused-at-client.ts'
import { responseOrigin } from '../authorization-response/response-target.ts'
import { isLocalPath } from '../browser-response.ts'
import type { ProviderHost } from '../configuration.ts'
import { describeClient } from './client-description.ts'
import { forgetConsent, rememberConsent } from './consent.ts'
import type { AuthorizationContext, Consent, Interaction } from './interaction.ts'
import { sessionInteraction } from './session-interaction.ts'
import { findUserGrants, revokeUserGrants } from './user-grants.ts'
import { readReturnUrl } from './waiting-request.ts'

/** The engine's side of {@link Interaction}. */
export function providerInteraction(provider: ProviderHost): Interaction {
  const { sessions, waitingRequests, events } = provider

  async function findWaiting(returnUrl: string | undefined) {
    const id = readReturnUrl(returnUrl)
    const waiting = id === undefined ? undefined : await waitingRequests.get(id)
    if (id === undefined || waiting === undefined) return undefined
    try {
      const here = provider.at(() => waiting.issuer)
      const request = await readAuthorizationRequest(waiting, here)
      return { id, waiting, request }
    } catch (error) {
      // What was a valid request is none any more when its client has been changed in the meantime.
      if (error instanceof AuthorizationError || error instanceof RefusedAtClient) return undefined
      throw error
    }
  }

  return {
    ...sessionInteraction(provider),

    async getAuthorizationContext(returnUrl) {
      const found = await findWaiting(returnUrl)
      return found && describeRequest(found.request)
    },

    async isValidReturnUrl(returnUrl) {
      if (readReturnUrl(returnUrl) !== undefined)
        return (await findWaiting(returnUrl)) !== undefined
      return returnUrl !== undefined && isLocalPath(returnUrl)
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
      const { clientId: client_id } = request.client
      // The user's from now on, so that it is found by whoever takes back what they granted.
      const owners = { client_id, subject: session.sub }
      // Answered in another tab, it waits no more.
      if (!(await waitingRequests.replace(id, { ...waiting, ...owners, consent: answer }))) return
      await rememberOrForget(found, session.sub, scope, consent)
      events.raise('consentGranted', { client_id, sub: session.sub, scope: scope.join(' ') })
    },

    async denyAuthorization(returnUrl) {
      const found = await findWaiting(returnUrl)
      if (found !== undefined)
        await waitingRequests.replace(found.id, { ...found.waiting, denied: true })
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
  }

  /**
   * A consent for once replaces what was remembered, which may be broader: but for one to access without the user,
   * which nobody can have remembered, if it takes nothing back.
   */
  async function rememberOrForget(
    { id, request }: { readonly id: string; readonly request: AuthorizationRequest },
    sub: string,
    scope: readonly string[],
    { remember, description }: Consent,
  ): Promise<void> {
    const { client } = request
    if (!remember || !client.allowRememberConsent || scope.length === 0) {
      const isWhole = scope.length === request.scope.length
      if (!isWhole || !scope.includes('offline_access')) await forgetConsent(client, sub, provider)
      return
    }
    const consent = { scope, ...(description !== undefined && { description }) }
    await rememberConsent(client, sub, consent, provider)
    // Taken back before it was there to be found, which has ended the waiting.
    if ((await waitingRequests.get(id)) === undefined) await forgetConsent(client, sub, provider)
  }
}

function describeRequest(request: AuthorizationRequest): AuthorizationContext {
  const { client, resources, scope, target } = request
  return {
    client: {
      ...describeClient(client),
      allowRememberConsent: client.allowRememberConsent,
      ...(client.logoUri !== undefined && { logoUri: client.logoUri }),
    },
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
