/**
 * The token service of all scenarios: the engine of `@basics/openid-provider`, with the clients,
 * resources and users beside this file, more of them from a configuration file, and pages of its own.
 *
 * Start with ./clients, one registration per scenario.
 */
import { join } from 'node:path'

import {
  combinedClients,
  keyFiles,
  openidProvider,
  openKeyRing,
  sqliteStore,
} from '@basics/openid-provider'
import { assets, dataFolder, issuer, listen, refuseToStart, urls } from '@basics/sample-kit'
import express from 'express'

import { configurationFile, openRegistrations } from './configuration-file.ts'
import { log } from './log.ts'
import { openClients } from './open-clients.ts'
import { pages } from './pages/pages.ts'
import { accountStore, users } from './users.ts'

try {
  const data = dataFolder('identity-server')
  const registered = openClients()
  const registrations = openRegistrations(configurationFile(data), { logger: log, registered })
  // Empty, as a file may have it: taken from each request.
  const ownIssuer = process.env.ISSUER ? issuer : (registrations.issuer ?? issuer)
  if (ownIssuer === '')
    log.warn(
      'IssuerUri is empty, so each request names the issuer by its Host. Set IssuerUri or ISSUER, unless what stands in front lets no other Host through',
    )
  const provider = openidProvider({
    issuer: ownIssuer,
    clients: combinedClients(registrations.clients, registered),
    resources: registrations.resources,
    users: accountStore,
    keys: await openKeyRing({ store: keyFiles(join(data, 'keys')), logger: log }),
    store: sqliteStore(join(data, 'identity-server.sqlite')),
    logger: log,
    options: { emitStaticAudienceClaim: true },
  })

  const app = express()
  app.use(provider.routes)
  app.use(assets)
  app.use(
    pages({
      issuer: ownIssuer || urls.identityServer,
      interaction: provider.interaction,
      accounts: accountStore,
      testUsers: users,
    }),
  )

  const stop = () => provider.close().finally(() => registered.close())
  listen(app, urls.identityServer, { stop })
} catch (error) {
  refuseToStart(`identity-server cannot start: ${error instanceof Error ? error.message : error}`)
}
