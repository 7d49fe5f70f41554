import {
  type Check,
  checkCode,
  checkDiscovery,
  checkIntrospection,
  checkKeys,
  checkReferenceToken,
  checkUserinfo,
  issuedCode,
  issuedToken,
  type ReadIssued,
} from './checks.ts'
import { get } from './connection.ts'
import { api } from './registrations.ts'
import {
  authorizationOf,
  machineToken,
  type Prepare,
  prepareAssertions,
  prepareIntrospection,
  prepareUserinfo,
  repeated,
} from './requests.ts'
import type { SignatureOperation } from './signature-cost.ts'
import { checkMachineToken } from './token-checks.ts'
import { userOperations } from './user-operations.ts'

export interface Operation {
  readonly title: string
  /** How often in a round: about a second's work, for in a tenth of it garbage is collected or not. */
  readonly count: number
  /** How often before the first round, not counted. Default: 20,000. */
  readonly warmUp?: number
  /** What the rest of our cost is for, beside the signatures, or beside what the limit does. */
  readonly dominatedBy: string
  /** What ours signs and verifies each time. */
  readonly signatures?: readonly SignatureOperation[]
  /** How many times less than oidc-provider's cost ours is to be, with each store; absent where nothing is asked. */
  readonly goals?: { readonly memory: number; readonly sqlite?: number }
  /** The part of our cost that the limit is to have. */
  readonly share?: number
  /** False where bare node:http has nothing to compare with. */
  readonly hasLimit: boolean
  /** Makes what a round sends, so that nothing of it is done while the time is taken. */
  readonly prepare: Prepare
  readonly check: Check
  /** Absent where one answer may be as another. */
  readonly issued?: ReadIssued
}

const tokenWork = 'node:http and reading the form; authenticating the client'
const reference = { client_id: 'reference', scope: 'reference' }

/** The operations, by the name that `--only` knows them by. */
export const operations: Readonly<Record<string, Operation>> = {
  discovery: {
    title: 'Discovery',
    count: 16_000,
    dominatedBy: 'finding the endpoint, and more headers',
    goals: { memory: 3 },
    hasLimit: true,
    prepare: repeated(get('/.well-known/openid-configuration')),
    check: checkDiscovery,
  },
  jwks: {
    title: 'JWKS',
    count: 16_000,
    dominatedBy: 'finding the endpoint, and more headers',
    goals: { memory: 2 },
    hasLimit: true,
    prepare: repeated(get('/.well-known/openid-configuration/jwks')),
    check: checkKeys,
  },
  'token-rs256': {
    title: 'Client credentials, RS256',
    count: 2_500,
    dominatedBy: tokenWork,
    signatures: ['sign RS256'],
    goals: { memory: 1.12 },
    share: 0.92,
    hasLimit: true,
    prepare: machineToken('rs256'),
    check: checkMachineToken('RS256', 'rs256'),
    issued: issuedToken,
  },
  'token-es256': {
    title: 'Client credentials, ES256',
    count: 5_000,
    dominatedBy: tokenWork,
    signatures: ['sign ES256'],
    goals: { memory: 1.8 },
    share: 0.8,
    hasLimit: true,
    prepare: machineToken('es256'),
    check: checkMachineToken('ES256', 'es256'),
    issued: issuedToken,
  },
  'private-key-jwt': {
    title: 'private_key_jwt, ES256',
    count: 3_000,
    dominatedBy: `${tokenWork}, with all that an assertion has to say`,
    signatures: ['verify ES256', 'sign ES256'],
    goals: { memory: 1.5 },
    hasLimit: true,
    prepare: prepareAssertions,
    check: checkMachineToken('ES256', 'jwt'),
    issued: issuedToken,
  },
  'reference-token': {
    title: 'Reference token',
    count: 8_000,
    dominatedBy:
      'authenticating the client; storing the token, with SQLite in a transaction that requests share',
    goals: { memory: 2, sqlite: 1.2 },
    hasLimit: true,
    prepare: machineToken('reference'),
    check: checkReferenceToken(`${api}/reference`, reference),
    issued: issuedToken,
  },
  introspection: {
    title: 'Introspection',
    count: 10_000,
    dominatedBy: 'authenticating the API; the look-up, with SQLite in its file',
    goals: { memory: 2.5, sqlite: 1.7 },
    hasLimit: true,
    prepare: prepareIntrospection,
    check: checkIntrospection(reference),
  },
  userinfo: {
    title: 'Userinfo',
    count: 10_000,
    dominatedBy: 'the look-up, with SQLite in its file',
    goals: { memory: 2.2 },
    hasLimit: true,
    prepare: prepareUserinfo,
    check: checkUserinfo,
  },
  authorize: {
    title: 'Authorize with a session',
    count: 8_000,
    dominatedBy:
      'the session; checking the request; storing the code, with SQLite in a transaction',
    goals: { memory: 2.5, sqlite: 1.5 },
    hasLimit: true,
    prepare: authorizationOf('web'),
    check: checkCode('web'),
    issued: issuedCode,
  },
  ...userOperations,
}

/** @throws {Error} for a name that no operation has */
export function requiredOperation(name: string): Operation {
  const operation = operations[name]
  if (operation === undefined) throw new Error(`there is no operation ${name}`)
  return operation
}
