import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'

import { createBasicCredentials } from '@basics/protocol'
import express from 'express'

import {
  type Client,
  type KeyRing,
  type Logger,
  openidProvider,
  openKeyRing,
  type ProviderOptions,
  type Resources,
  type Store,
} from '../src/index.ts'
import { inMemoryClients } from '../src/stores/memory/in-memory-clients.ts'
import { inMemoryResources } from '../src/stores/memory/in-memory-resources.ts'
import { memoryKeys } from './memory-keys.ts'
import { clients as defaultClients, resources as defaultResources } from './registrations.ts'

/** What a test changes about the provider it starts. */
export interface ProviderSetup {
  clients?: readonly Client[]
  resources?: Resources
  options?: Partial<ProviderOptions>
  store?: Store
  logger?: Logger
  now?: () => number
  /** False: the issuer is taken from the request. */
  fixedIssuer?: boolean
}

/** The keys of all providers in a test process: making an RSA key takes longer than most tests. */
let keyRing: Promise<KeyRing> | undefined

/** A token service on a free port, for as long as the test runs, and the requests a test makes of it. */
export async function startProvider(t: TestContext, setup: ProviderSetup = {}) {
  const { clients = defaultClients, resources = defaultResources, fixedIssuer = true } = setup
  keyRing ??= openKeyRing({ store: memoryKeys() })

  const app = express()
  const server = app.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  t.after(() => server.closeAllConnections())
  t.after(() => server.close())
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  const { store, options, logger, now } = setup
  const provider = openidProvider({
    ...(fixedIssuer && { issuer }),
    clients: inMemoryClients(clients),
    resources: inMemoryResources(resources),
    keys: await keyRing,
    ...(store && { store }),
    ...(options && { options }),
    ...(logger && { logger }),
    ...(now && { now }),
  })
  app.use(provider.routes)

  const post = (
    path: string,
    parameters: Record<string, string>,
    { client_id = 'client', secret = 'secret', headers = {} }: Caller = {},
  ) =>
    fetch(issuer + path, {
      method: 'POST',
      headers: {
        authorization: createBasicCredentials({ client_id, client_secret: secret }),
        ...headers,
      },
      body: new URLSearchParams(parameters),
    })

  return {
    issuer,
    events: provider.events,
    keys: await keyRing,
    requestToken: (parameters: Record<string, string>, caller?: Caller) =>
      post('/connect/token', parameters, caller),
    introspect: (token: string, caller?: Caller) => post('/connect/introspect', { token }, caller),
    revoke: (token: string, caller?: Caller) => post('/connect/revocation', { token }, caller),
    /** A form without client authentication of its own. */
    postForm: (path: string, body: string | URLSearchParams) =>
      fetch(issuer + path, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: body.toString(),
      }),
  }
}

export interface Caller {
  client_id?: string
  secret?: string
  headers?: Record<string, string>
}
