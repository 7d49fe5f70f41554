import { OAuthError } from '@basics/protocol'

import type { Client, ClientStore, ResourceStore, Store, UserStore } from '../src/index.ts'

/** What no answer of the token service may have in it. */
export const storeSecret = 'db://admin:hunter2@internal'

/** Ways of not answering a question as a store should, whatever was asked. */
export const failures = new Map<string, () => unknown>([
  ['never answers', () => new Promise(() => undefined)],
  ['throws', () => fail(new Error(storeSecret))],
  ['rejects', async () => fail(new Error(storeSecret))],
  ['rejects with nothing', () => Promise.reject()],
  ['throws what endpoints answer with', () => fail(new OAuthError('invalid_scope', storeSecret))],
  ['answers null', () => null],
  ['answers a number', () => 42],
  ['answers a text, later', async () => storeSecret],
  ['answers an empty object', () => ({})],
])

/** Ways of answering with something that looks like a client and is not the one asked for. */
export const impostors = new Map<string, (client: Client) => unknown>([
  ['a client of another id', (client) => ({ ...client, clientId: 'other' })],
  ['an object that inherits the client', (client) => Object.create(client)],
  ['an object that inherits its id', ({ clientId, ...rest }) => inherit({ clientId }, rest)],
  ['a poisoned prototype', (client) => JSON.parse(`{"__proto__":${JSON.stringify(client)}}`)],
  ['a client without id', ({ clientId: _id, ...rest }) => rest],
  ['a client in a list', (client) => [client]],
])

/** A store that answers every question in the same way. */
export function failingStore(answer: () => unknown): ClientStore & ResourceStore & UserStore {
  const answerer = answer as () => never
  return {
    findClientById: answerer,
    isCorsOriginAllowed: answerer,
    findResourcesByScope: answerer,
    findApiResourceByName: answerer,
    getAllResources: answerer,
    findUserBySub: answerer,
  }
}

/** A store of codes, tokens and sessions that answers in the same way whatever it is to do, but close. */
export function failingRecords(answer: () => unknown): Store {
  const answerer = answer as () => never
  return {
    add: answerer,
    store: answerer,
    replace: answerer,
    supersede: answerer,
    get: answerer,
    take: answerer,
    getAll: answerer,
    claimDue: answerer,
    remove: answerer,
    removeAll: answerer,
    removeExpired: answerer,
    close() {},
  }
}

function inherit(prototype: object, own: object): object {
  return Object.assign(Object.create(prototype), own)
}

function fail(error: Error): never {
  throw error
}
