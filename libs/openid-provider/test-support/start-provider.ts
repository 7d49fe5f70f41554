import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'

import { createBasicCredentials } from '@basics/protocol'
import express, { type RequestHandler } from 'express'

import {
  type Client,
  type ClientStore,
  type KeyRing,
  type Logger,
  openidProvider,
  openKeyRing,
  type ProviderOptions,
  type ResourceStore,
  type Resources,
  type Store,
  type UserStore,
} from '../src/index.ts'
import { inMemoryClients } from '../src/stores/memory/in-memory-clients.ts'
import { inMemoryResources } from '../src/stores/memory/in-memory-resources.ts'
import { memoryKeys } from './memory-keys.ts'
import { clients as defaultClients, resources as defaultResources } from './registrations.ts'

/** What a test changes about the provider it starts. */
export interface ProviderSetup {
  clients?: readonly Client[] | ClientStore
  resources?: Resources | ResourceStore
  users?: UserStore
  options?: Partial<ProviderOptions>
  store?: Store
  logger?: Logger
  now?: () => number
  /** False: the issuer is taken from the request. */
  fixedIssuer?: boolean
  /** Express's setting: how many proxies in front are believed. */
  trustProxy?: number
  /** Where the routes are mounted, such as `/tenant`. */
  basePath?: string
  /** What the host runs before the routes. */
  middleware?: RequestHandler
}

/** The keys of all providers in a test process: making an RSA key takes longer than most tests. */
let keyRing: Promise<KeyRing> | undefined

/** A token service on a free port, for as long as the test runs, and the requests a test makes of it. */
export async function startProvider(t: TestContext, setup: ProviderSetup = {}) {
  const { clients = defaultClients, resources = defaultResources, fixedIssuer = true } = setup
  const { users, store, options, logger, now, trustProxy = 0, basePath = '', middleware } = setup
  keyRing ??= openKeyRing({ store: memoryKeys() })

  const app = express().set('trust proxy', trustProxy)
  // As large as the apps allow, so that an over-long header reaches the protocol's own check.
  const server = createServer({ maxHeaderSize: 96 * 1024 }, app)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.closeAllConnections())
  t.after(() => server.close())
  const { port } = server.address() as AddressInfo
  const issuer = `http://127.0.0.1:${port}${basePath}`

  const provider = openidProvider({
    ...(fixedIssuer && { issuer }),
    clients: 'findClientById' in clients ? clients : inMemoryClients(clients),
    resources: 'findResourcesByScope' in resources ? resources : inMemoryResources(resources),
    keys: await keyRing,
    ...(users && { users }),
    ...(store && { store }),
    ...(options && { options }),
    ...(logger && { logger }),
    ...(now && { now }),
  })
  if (middleware) app.use(middleware)
  app.use(basePath || '/', provider.routes)

  const request = (path: string, init?: RequestInit) =>
    fetch(issuer + path, init) as Promise<JsonResponse>

  const post = (
    path: string,
    parameters: Parameters,
    { client_id = 'client', secret = 'secret', headers = {} }: Caller = {},
  ) =>
    request(path, {
      method: 'POST',
      headers: {
        authorization: createBasicCredentials({ client_id, client_secret: secret }),
        ...headers,
      },
      body: new URLSearchParams(parameters),
    })

  return {
    issuer,
    port,
    provider,
    /** For what the host serves besides the routes. */
    app,
    events: provider.events,
    keys: await keyRing,
    request,
    pushRequest: (parameters: Parameters, caller?: Caller) =>
      post('/connect/par', parameters, caller),
    requestToken: (parameters: Parameters, caller?: Caller) =>
      post('/connect/token', parameters, caller),
    introspect: (token: string, caller?: Caller) => post('/connect/introspect', { token }, caller),
    revoke: (token: string, caller?: Caller) => post('/connect/revocation', { token }, caller),
    /** A form without client authentication of its own. */
    postForm: (path: string, body: string | Parameters, headers: Record<string, string> = {}) =>
      request(path, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
        body: typeof body === 'string' ? body : new URLSearchParams(body).toString(),
      }),
  }
}

/** A response whose body is JSON; a test that reads a member that is not there fails on its value. */
export interface JsonResponse extends Response {
  json(): Promise<Answer>
}

interface Answer {
  readonly access_token: string
  readonly refresh_token: string
  readonly id_token: string
  readonly expires_in: number
  readonly scope: string
  readonly error: string
  readonly active: boolean
  readonly [member: string]: unknown
}

/** Pairs where a name is to come twice. */
type Parameters = Record<string, string> | [string, string][] | URLSearchParams

export interface Caller {
  client_id?: string
  secret?: string
  headers?: Record<string, string>
}
