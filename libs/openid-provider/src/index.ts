export type { Explanation } from './authorization-request/explained-error.ts'
export type { ProviderConfiguration } from './configuration.ts'
export { type KeyStore, keyFiles } from './keys/key-files.ts'
export { type KeyRing, type KeyRingConfiguration, openKeyRing } from './keys/key-ring.ts'
export type { Logger } from './logger.ts'
export type { Client, ClientClaim } from './model/client.ts'
export {
  ConfigurationError,
  type ConfigurationProblem,
  describeProblem,
} from './model/configuration-error.ts'
export { GrantTypes } from './model/grant-types.ts'
export {
  type ApiResource,
  type ApiScope,
  type IdentityResource,
  IdentityResources,
  type Resources,
} from './model/resources.ts'
export { createSecret, type SecretRotation } from './model/rotate-secret.ts'
export {
  jsonWebKey,
  jsonWebKeyFile,
  noSecretYet,
  type Secret,
  sha256,
  sha512,
  sharedSecret,
  x509Certificate,
} from './model/secret.ts'
export type { User, UserStore } from './model/user.ts'
export { type OpenidProvider, openidProvider } from './provider.ts'
export type { ProviderEventEmitter, ProviderEvents } from './provider-events.ts'
export type { Pages, ProviderOptions } from './provider-options.ts'
export type {
  AuthorizationContext,
  Consent,
  ErrorContext,
  Interaction,
  Login,
  LogoutContext,
  SessionSummary,
  ShownClient,
  ToldClients,
  UserGrant,
} from './sessions/interaction.ts'
export type { LoginSession } from './sessions/login-session.ts'
export type { CacheOptions } from './stores/cached-answers.ts'
export { cachedClients } from './stores/cached-clients.ts'
export { cachedResources } from './stores/cached-resources.ts'
export type { ClientPage, ClientRegistry } from './stores/client-registry.ts'
export type { ClientStore } from './stores/client-store.ts'
export { combinedClients } from './stores/combined-clients.ts'
export { inMemoryClients } from './stores/memory/in-memory-clients.ts'
export { inMemoryResources } from './stores/memory/in-memory-resources.ts'
export { memoryStore } from './stores/memory/memory-store.ts'
export type { ResourceStore } from './stores/resource-store.ts'
export { type SqliteClients, sqliteClients } from './stores/sqlite/sqlite-clients.ts'
export { type ResourceRegistry, sqliteResources } from './stores/sqlite/sqlite-resources.ts'
export { sqliteStore } from './stores/sqlite/sqlite-store.ts'
export type { RecordFilter, Store, StoredRecord } from './stores/store.ts'
