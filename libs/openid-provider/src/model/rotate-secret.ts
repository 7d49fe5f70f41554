import { randomBytes } from 'node:crypto'

import type { Client } from './client.ts'
import { isCurrent, type Secret } from './secret.ts'

/**
 * A shared secret that cannot be guessed: 256 random bits in base64url. Whoever is to have it is shown
 * it once; what is registered is `sharedSecret(sha256(secret))`.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-10.10 RFC 6749 §10.10}
 */
export function createSecret(): string {
  return randomBytes(32).toString('base64url')
}

/** What takes the place of a client's shared secrets, and for how long they live beside it. */
export interface SecretRotation {
  readonly secret: Secret
  /** When the secrets there are now stop being accepted, if they do not earlier. */
  readonly oldUntil: Date
}

/**
 * The client with a new secret beside its old ones, which end soon: time to bring the new one to every
 * instance of it. Keys are left as they are, and so is a secret that ends earlier; expired ones go.
 *
 * @param now milliseconds since the epoch
 */
export function rotateSecret(
  client: Client,
  { secret, oldUntil }: SecretRotation,
  now: number,
): Client {
  const kept = (client.clientSecrets ?? []).map((old) =>
    old.type === 'SharedSecret' && isCurrent(old, oldUntil.getTime())
      ? { ...old, expiration: oldUntil }
      : old,
  )
  return { ...client, clientSecrets: [...kept.filter((old) => isCurrent(old, now)), secret] }
}
