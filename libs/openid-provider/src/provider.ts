import { Router } from 'express'

import { type ProviderConfiguration, readConfiguration } from './configuration.ts'
import { corsOfClients } from './cors.ts'
import { documentEndpoint } from './document-endpoint.ts'
import { discoveryEndpoint } from './endpoints/discovery.ts'
import { introspectionEndpoint } from './endpoints/introspection.ts'
import { jwksEndpoint } from './endpoints/jwks.ts'
import { paths } from './endpoints/paths.ts'
import { revocationEndpoint } from './endpoints/revocation.ts'
import { tokenEndpoint } from './endpoints/token.ts'
import { protocolEndpoint } from './protocol-endpoint.ts'
import type { ProviderEventEmitter } from './provider-events.ts'
import { removeExpiredRecords } from './stores/remove-expired.ts'

export interface OpenidProvider {
  /** To be mounted before any body parser: `app.use(provider.routes)`. */
  readonly routes: Router
  readonly events: ProviderEventEmitter
  /** Ends the work in the background and closes the store. No request is served afterwards. */
  close(): Promise<void>
}

const discoveryMaxAge = 300

/**
 * A token service for an Express app.
 *
 * @throws {Error} when the configuration cannot be served, saying what is wrong with it.
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-3 RFC 6749 §3}
 */
export function openidProvider(configuration: ProviderConfiguration): OpenidProvider {
  const host = readConfiguration(configuration)
  const routes = Router({ caseSensitive: false, strict: true })
  const cors = corsOfClients(host)

  routes.all(paths.token, cors, protocolEndpoint('token', host, tokenEndpoint))
  routes.all(paths.introspection, protocolEndpoint('introspection', host, introspectionEndpoint))
  routes.all(paths.revocation, cors, protocolEndpoint('revocation', host, revocationEndpoint))
  routes.all(paths.jwks, cors, documentEndpoint(host, jwksEndpoint, discoveryMaxAge))
  routes.all(paths.discovery, cors, documentEndpoint(host, discoveryEndpoint, discoveryMaxAge))
  routes.all(
    paths.authorizationServerMetadata,
    cors,
    documentEndpoint(host, discoveryEndpoint, discoveryMaxAge),
  )

  const stopRemoving = removeExpiredRecords(host.store, {
    onError: (error) => host.logger.error({ err: error }, 'expired records were not removed'),
  })

  return {
    routes,
    events: host.events,
    async close() {
      host.keys.close()
      await stopRemoving()
      await host.store.close()
    },
  }
}
