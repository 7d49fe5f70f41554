import {
  type Client,
  type ClientStore,
  GrantTypes,
  IdentityResources,
  type Resources,
  sha256,
  sharedSecret,
  type User,
  type UserStore,
} from '../src/index.ts'

export const alice = {
  sub: 'alice',
  claims: { name: 'Alice', email: 'alice@example.com', email_verified: true, role: 'admin' },
}

/** A user store whose users a test can change while the provider runs. */
export function memoryUsers(...users: readonly User[]): UserStore & {
  put(user: User): void
  remove(sub: string): void
} {
  const bySub = new Map(users.map((user) => [user.sub, user]))
  return {
    findUserBySub: (sub) => bySub.get(sub),
    put(user) {
      bySub.set(user.sub, user)
    },
    remove(sub) {
      bySub.delete(sub)
    },
  }
}

/** A client store whose clients a test can change while the provider runs. */
export function memoryClients(
  ...clients: readonly Client[]
): ClientStore & { put(client: Client): void; remove(clientId: string): void } {
  const byId = new Map(clients.map((client) => [client.clientId, client]))
  return {
    findClientById: (clientId) => byId.get(clientId),
    isCorsOriginAllowed: () => false,
    put(client) {
      byId.set(client.clientId, client)
    },
    remove(clientId) {
      byId.delete(clientId)
    },
  }
}

export const userResources: Resources = {
  identityResources: [
    IdentityResources.openid,
    IdentityResources.profile,
    IdentityResources.email,
    IdentityResources.phone,
  ],
  apiScopes: [{ name: 'scope1' }, { name: 'scope2', userClaims: ['role'] }],
  apiResources: [
    { name: 'urn:api1', scopes: ['scope1'], apiSecrets: [sharedSecret(sha256('api-secret'))] },
    { name: 'urn:api2', scopes: ['scope2'] },
  ],
}

/** A client that signs users in, but for its id. */
export const webClient = {
  clientSecrets: [sharedSecret(sha256('secret'))],
  allowedGrantTypes: GrantTypes.code,
  redirectUris: ['https://app.example/cb'],
  postLogoutRedirectUris: ['https://app.example/bye', 'https://app.example/bye?from=here'],
  allowedScopes: ['openid', 'profile', 'email', 'scope1', 'scope2'],
  allowOfflineAccess: true,
} satisfies Omit<Client, 'clientId'>

export const userClients: Client[] = [
  { ...webClient, clientId: 'web' },
  { ...webClient, clientId: 'other' },
  { ...webClient, clientId: 'rotating', refreshTokenUsage: 'oneTimeOnly' },
  { ...webClient, clientId: 'reference', accessTokenType: 'reference' },
  { ...webClient, clientId: 'asking', requireConsent: true },
]
