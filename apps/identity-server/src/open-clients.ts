import { join } from 'node:path'

import { type SqliteClients, sqliteClients } from '@basics/openid-provider'
import { dataFolder } from '@basics/sample-kit'

/** The clients that were registered by command: `clients.sqlite` in the data folder. */
export function openClients(): SqliteClients {
  return sqliteClients(join(dataFolder('identity-server'), 'clients.sqlite'))
}
