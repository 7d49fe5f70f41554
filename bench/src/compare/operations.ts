import { type Check, checkAccessToken, checkUserTokens, expect } from './checks.ts'
import { get } from './connection.ts'
import { user } from './registrations.ts'
import {
  machineToken,
  type Prepare,
  prepareAssertions,
  prepareAuthorize,
  prepareCodeFlow,
  prepareIntrospection,
  prepareRefresh,
  prepareUserinfo,
  repeated,
  requireCode,
} from './requests.ts'

export interface Operation {
  readonly title: string
  /** How often in a round: about a second's work, for in a tenth of it garbage is collected or not. */
  readonly count: number
  /** What most of the cost is. */
  readonly dominatedBy: string
  /** How many times less than oidc-provider's cost ours is to be, with each store. */
  readonly goals: { readonly memory: number; readonly sqlite?: number }
  /** The part of our cost that the limit is to have. */
  readonly share?: number
  /** False where bare node:http has nothing to compare with. */
  readonly hasLimit: boolean
  /** Makes what a round sends, so that nothing of it is done while the time is taken. */
  readonly prepare: Prepare
  readonly check: Check
}

/** The operations, by the name that `--only` knows them by. */
export const operations: Readonly<Record<string, Operation>> = {
  discovery: {
    title: 'Discovery',
    count: 16_000,
    dominatedBy: 'node:http',
    goals: { memory: 3 },
    hasLimit: true,
    prepare: repeated(get('/.well-known/openid-configuration')),
    check: ({ body }, issuer) => expect(JSON.parse(body).issuer === issuer, body),
  },
  jwks: {
    title: 'JWKS',
    count: 16_000,
    dominatedBy: 'node:http',
    goals: { memory: 2 },
    hasLimit: true,
    prepare: repeated(get('/.well-known/openid-configuration/jwks')),
    check: ({ body }) => expect(JSON.parse(body).keys.length > 1, body),
  },
  'token-rs256': {
    title: 'Client credentials, RS256',
    count: 2_500,
    dominatedBy: 'the RSA signature',
    goals: { memory: 1.12 },
    share: 0.92,
    hasLimit: true,
    prepare: machineToken('rs256'),
    check: checkAccessToken('RS256'),
  },
  'token-es256': {
    title: 'Client credentials, ES256',
    count: 5_000,
    dominatedBy: 'the signature, then node:http',
    goals: { memory: 1.8 },
    share: 0.8,
    hasLimit: true,
    prepare: machineToken('es256'),
    check: checkAccessToken('ES256'),
  },
  'private-key-jwt': {
    title: 'private_key_jwt, ES256',
    count: 3_000,
    dominatedBy: 'checking the assertion, then the signature',
    goals: { memory: 1.5 },
    hasLimit: true,
    prepare: prepareAssertions,
    check: checkAccessToken('ES256'),
  },
  'reference-token': {
    title: 'Reference token',
    count: 8_000,
    dominatedBy: 'node:http; with SQLite, the transaction, which requests share',
    goals: { memory: 2, sqlite: 1.2 },
    hasLimit: true,
    prepare: machineToken('reference'),
    check: ({ body }) => expect(/^[\w-]{40,}$/.test(JSON.parse(body).access_token), body),
  },
  introspection: {
    title: 'Introspection',
    count: 10_000,
    dominatedBy: 'node:http; with SQLite, the look-up',
    goals: { memory: 2.5, sqlite: 1.7 },
    hasLimit: true,
    prepare: prepareIntrospection,
    check: ({ body }) => expect(JSON.parse(body).active === true, body),
  },
  userinfo: {
    title: 'Userinfo',
    count: 10_000,
    dominatedBy: 'node:http',
    goals: { memory: 2.2 },
    hasLimit: true,
    prepare: prepareUserinfo,
    check: ({ body }) => expect(JSON.parse(body).name === user.name, body),
  },
  authorize: {
    title: 'Authorize with a session',
    count: 8_000,
    dominatedBy: 'reading the request and node:http; with SQLite, the code that is stored',
    goals: { memory: 2.5, sqlite: 1.5 },
    hasLimit: true,
    prepare: prepareAuthorize,
    check: ({ head }) => void requireCode(head),
  },
  'code-flow': {
    title: 'Code flow, each by its defaults',
    count: 1_500,
    dominatedBy: 'the RSA signature of the ID Token; oidc-provider makes two',
    goals: { memory: 1.8, sqlite: 1.6 },
    hasLimit: false,
    prepare: prepareCodeFlow,
    check: checkUserTokens,
  },
  refresh: {
    title: 'Refresh, each by its defaults',
    count: 2_000,
    dominatedBy: 'the RSA signature of the ID Token; oidc-provider makes two',
    goals: { memory: 1.6, sqlite: 1.4 },
    hasLimit: false,
    prepare: prepareRefresh,
    check: checkUserTokens,
  },
}

/** @throws {Error} for a name that no operation has */
export function requiredOperation(name: string): Operation {
  const operation = operations[name]
  if (operation === undefined) throw new Error(`there is no operation ${name}`)
  return operation
}
