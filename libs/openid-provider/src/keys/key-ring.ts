import type { JSONWebKeySet } from 'jose'

import { harmlessLogger, type Logger, silentLogger } from '../logger.ts'
import type { KeyStore } from './key-files.ts'
import type { SigningAlgorithmName } from './signing-algorithms.ts'
import { generateKey, importSigningKey, type SigningKey, type StoredKey } from './signing-key.ts'

/** The keys of the token service, as the engine uses them. */
export interface KeyRing {
  readonly algorithms: readonly SigningAlgorithmName[]
  /**
   * The key that signs now.
   *
   * @throws {Error} when the ring was not opened with this algorithm.
   */
  signingKey(alg: SigningAlgorithmName): SigningKey
  /** The published key with this id, whatever its age. */
  findKey(kid: string | undefined): SigningKey | undefined
  /** All published keys; the same object until a key comes or goes. */
  jwks(): JSONWebKeySet
  /** Makes and removes keys as their age demands; the ring does this itself once an hour. */
  maintain(): Promise<void>
  close(): void
}

export interface KeyRingConfiguration {
  readonly store: KeyStore
  /** Default RS256 for ID Tokens and ES256 for access tokens. */
  readonly algorithms?: readonly SigningAlgorithmName[]
  /** How long a key signs. Milliseconds, default 90 days. */
  readonly rotationInterval?: number
  /** How long a key is announced before it signs, so that caches know it. Default 14 days. */
  readonly propagationTime?: number
  /** How long a key that no longer signs stays published. Default 14 days. */
  readonly retentionDuration?: number
  /** Milliseconds since the epoch. */
  readonly now?: () => number
  /** Told when the hourly maintenance fails; the keys in memory go on working. */
  readonly logger?: Logger
}

const day = 24 * 60 * 60 * 1000
const maintenanceInterval = 60 * 60 * 1000

/**
 * Opens the key ring: makes the first keys, announces a successor in good time before a key is due,
 * keeps a retired key published until what it signed has expired, then removes it. Looks after itself
 * once an hour, which is also how processes that share a store learn of each other's keys.
 *
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#RotateSigKeys OIDC Core §10.1.1}
 */
export async function openKeyRing(configuration: KeyRingConfiguration): Promise<KeyRing> {
  const { store, algorithms = ['RS256', 'ES256'] } = configuration
  const { now = Date.now } = configuration
  const logger = harmlessLogger(configuration.logger ?? silentLogger)
  const rotationInterval = configuration.rotationInterval ?? 90 * day
  const propagationTime = configuration.propagationTime ?? 14 * day
  const retentionDuration = configuration.retentionDuration ?? 14 * day
  if (!(0 < propagationTime && propagationTime < rotationInterval && 0 < retentionDuration))
    throw new Error('keys need 0 < propagationTime < rotationInterval and 0 < retentionDuration')

  const imported = new Map<string, SigningKey>()
  let keys: readonly SigningKey[] = []
  let jwks: JSONWebKeySet = { keys: [] }

  const age = (key: StoredKey | SigningKey) => now() - key.created

  async function maintain(): Promise<void> {
    for (const alg of algorithms) {
      const newest = (await store.load())
        .filter((key) => key.alg === alg)
        .toSorted(byAge)
        .at(-1)
      if (newest === undefined || age(newest) >= rotationInterval - propagationTime)
        await store.add(await generateKey(alg, now()), newest)
    }
    const stored = await store.load()
    const expired = stored.filter((key) => age(key) >= rotationInterval + retentionDuration)
    for (const key of expired) await store.remove(key)
    await publish(stored.filter((key) => !expired.includes(key)).toSorted(byAge))
  }

  async function publish(stored: readonly StoredKey[]): Promise<void> {
    const next = await Promise.all(
      stored.map(async (key) => imported.get(key.kid) ?? (await importSigningKey(key))),
    )
    if (next.length === keys.length && next.every((key, index) => key === keys[index])) return
    imported.clear()
    for (const key of next) imported.set(key.kid, key)
    keys = next
    jwks = { keys: next.map((key) => key.publicJwk) }
  }

  await maintain()
  const timer = setInterval(() => {
    maintain().catch((error) =>
      logger.error({ err: error }, 'the signing keys were not maintained'),
    )
  }, maintenanceInterval)
  timer.unref()

  return {
    algorithms,
    signingKey(alg) {
      const ofAlgorithm = keys.filter((key) => key.alg === alg)
      const current = ofAlgorithm.filter((key) => age(key) < rotationInterval)
      // An overdue key is better than none, should maintenance have failed for long.
      const key =
        current.find((each) => age(each) >= propagationTime) ?? current[0] ?? ofAlgorithm.at(-1)
      if (key === undefined) throw new Error(`the key ring has no ${alg} key`)
      return key
    },
    findKey: (kid) => (kid === undefined ? undefined : imported.get(kid)),
    jwks: () => jwks,
    maintain,
    close: () => clearInterval(timer),
  }
}

function byAge(one: StoredKey, other: StoredKey): number {
  return one.created - other.created
}
