import type { ProviderHost } from '../configuration.ts'
import { endLoginSession } from './end-login-session.ts'
import type { Interaction } from './interaction.ts'
import { isOfSession, keepLogout } from './logout-request.ts'
import { prolongSessionClients, tryToFindClient } from './session-clients.ts'
import { describeToldClients } from './told-clients.ts'
import { endOtherSessions, endUserSession, findUserSessions } from './user-sessions.ts'

/** What pages ask about sessions, and do with them. */
export type SessionInteraction = Pick<
  Interaction,
  | 'getSession'
  | 'signIn'
  | 'signOut'
  | 'getLogoutContext'
  | 'getSessions'
  | 'endSession'
  | 'signOutEverywhere'
>

/** The part of {@link Interaction} about who is signed in: how sessions begin, and how they end. */
export function sessionInteraction(provider: ProviderHost): SessionInteraction {
  const { sessions, events } = provider

  const interaction: SessionInteraction = {
    getSession: (req) => sessions.find(req),

    async signIn(req, res, login) {
      const previous = await sessions.find(req)
      if (previous !== undefined && previous.sub !== login.sub)
        await endLoginSession(previous, provider)
      const session = await sessions.begin(req, res, login)
      await prolongSessionClients(session, provider)
      events.raise('userSignedIn', { sub: session.sub, sid: session.sid })
      return session
    },

    async signOut(req, res, logoutId) {
      const session = await sessions.find(req)
      const clients = session && (await endLoginSession(session, provider))
      sessions.forget(req, res)
      if (session === undefined || clients === undefined) return logoutId
      return keepLogout(logoutId, session, clients, provider)
    },

    async getLogoutContext(req, logoutId = '') {
      const request = await provider.logoutRequests.get(logoutId)
      const here = provider.at(() => provider.issuerAt(req))
      const session = await sessions.find(req)
      const client = await tryToFindClient(request?.clientId, provider)
      return {
        clientId: client?.clientId,
        clientName: client?.clientName,
        postLogoutRedirectUri: request?.postLogoutRedirectUri,
        showSignoutPrompt: session !== undefined && !isOfSession(request?.hint, session),
        told: request && (await describeToldClients(logoutId, request, here)),
      }
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
}
