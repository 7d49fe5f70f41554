import { browserEndpoint } from './browser-endpoint.ts'
import { type ProviderConfiguration, readConfiguration } from './configuration.ts'
import { corsOfClients } from './cors.ts'
import { documentEndpoint } from './document-endpoint.ts'
import { authorizeCallback, authorizeEndpoint } from './endpoints/authorize.ts'
import { checkSessionEndpoint } from './endpoints/check-session.ts'
import { discoveryEndpoint } from './endpoints/discovery.ts'
import { endSessionEndpoint } from './endpoints/end-session.ts'
import { endSessionCallback } from './endpoints/end-session-callback.ts'
import { introspectionEndpoint } from './endpoints/introspection.ts'
import { jwksEndpoint } from './endpoints/jwks.ts'
import { paths } from './endpoints/paths.ts'
import { pushedAuthorizationEndpoint } from './endpoints/pushed-authorization.ts'
import { revocationEndpoint } from './endpoints/revocation.ts'
import { tokenEndpoint } from './endpoints/token.ts'
import { userinfoEndpoint } from './endpoints/userinfo.ts'
import { readOptionalFormBody } from './form-body.ts'
import type { HttpHandler } from './http-handler.ts'
import { protocolEndpoint } from './protocol-endpoint.ts'
import type { ProviderEventEmitter } from './provider-events.ts'
import { repeatInBackground } from './repeat-in-background.ts'
import { routeByPath } from './route-by-path.ts'
import type { Interaction } from './sessions/interaction.ts'
import { providerInteraction } from './sessions/provider-interaction.ts'
import { removeExpiredRecords } from './stores/remove-expired.ts'

export interface OpenidProvider {
  /**
   * The endpoints. In an Express app, to be mounted before any body parser: `app.use(provider.routes)`.
   * Without one, a server of node:http calls them with a `next` of its own; the README shows one.
   */
  readonly routes: HttpHandler
  /** What the host's pages need to ask the user, and to answer for them. */
  readonly interaction: Interaction
  readonly events: ProviderEventEmitter
  /** Ends the work in the background and closes the store. No request is served afterwards. */
  close(): Promise<void>
}

const discoveryMaxAge = 300

/** Milliseconds between two looks at the logouts that clients are to be told of. */
const notificationInterval = 250

/**
 * A token service, for an Express app or any other server of node:http.
 *
 * @throws {Error} when the configuration cannot be served, saying what is wrong with it.
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-3 RFC 6749 §3}
 */
export function openidProvider(configuration: ProviderConfiguration): OpenidProvider {
  const host = readConfiguration(configuration)
  const cors = corsOfClients(host)
  const discovery = documentEndpoint(host, discoveryEndpoint, discoveryMaxAge)

  const routes = routeByPath({
    [paths.discovery]: cors(discovery),
    [paths.authorizationServerMetadata]: cors(discovery),
    [paths.jwks]: cors(documentEndpoint(host, jwksEndpoint, discoveryMaxAge)),
    [paths.authorize]: browserEndpoint('authorize', host, authorizeEndpoint),
    [paths.authorizeCallback]: browserEndpoint('authorize', host, authorizeCallback),
    [paths.pushedAuthorization]: protocolEndpoint('par', host, pushedAuthorizationEndpoint),
    [paths.token]: cors(protocolEndpoint('token', host, tokenEndpoint)),
    [paths.userinfo]: cors(
      protocolEndpoint('userinfo', host, userinfoEndpoint, readOptionalFormBody),
    ),
    [paths.introspection]: protocolEndpoint('introspection', host, introspectionEndpoint),
    [paths.revocation]: cors(protocolEndpoint('revocation', host, revocationEndpoint)),
    [paths.endSession]: browserEndpoint('endsession', host, endSessionEndpoint),
    [paths.endSessionCallback]: browserEndpoint('endsession', host, endSessionCallback),
    [paths.checkSession]: browserEndpoint('checksession', host, checkSessionEndpoint),
  })

  const stopRemoving = removeExpiredRecords(host.store, {
    onError: (error) => host.logger.error({ err: error }, 'expired records were not removed'),
  })

  const stopSending = repeatInBackground(host.backChannelLogout.sendDue, {
    interval: notificationInterval,
    onError: (error) => host.logger.error({ err: error }, 'logout notifications were not sent'),
  })

  return {
    routes: host.mountable(routes),
    interaction: providerInteraction(host),
    events: host.events,
    async close() {
      host.keys.close()
      host.backChannelLogout.stop()
      await Promise.all([stopRemoving(), stopSending()])
      await host.backChannelLogout.idle()
      await host.store.close()
    },
  }
}
