import { hash, timingSafeEqual } from 'node:crypto'

/** What a client, or an API, proves that it is the one registered. Several may be valid at once. */
export interface Secret {
  /**
   * `SharedSecret`: `value` is the base64 SHA-256 or SHA-512 of the secret.
   * `JsonWebKey`: `value` is a public key as JSON text (RFC 7517).
   * `JsonWebKeyFile`: `value` is the path of a file that holds such a text. It need not exist yet: it
   * is read when the client first authenticates, and again when it changes.
   * `X509CertificateBase64`: `value` is a certificate's DER in base64, that is PEM without its frame.
   */
  readonly type: 'SharedSecret' | 'JsonWebKey' | 'JsonWebKeyFile' | 'X509CertificateBase64'
  /** What `type` says. */
  readonly value: string
  /** For whoever administers it. */
  readonly description?: string
  /** When the secret stops being accepted; by default never. */
  readonly expiration?: Date
}

type SecretOptions = Pick<Secret, 'description' | 'expiration'>

/** A secret both sides know, given as its hash: `sharedSecret(sha256('secret'))`. */
export function sharedSecret(value: string, options: SecretOptions = {}): Secret {
  return { type: 'SharedSecret', value, ...options }
}

/** A public key whose private half only the client has, for `private_key_jwt` and signed requests. */
export function jsonWebKey(key: object, options: SecretOptions = {}): Secret {
  return { type: 'JsonWebKey', value: JSON.stringify(key), ...options }
}

/** As {@link jsonWebKey}, for a key that comes, or is replaced, later than the registration. */
export function jsonWebKeyFile(path: string, options: SecretOptions = {}): Secret {
  return { type: 'JsonWebKeyFile', value: path, ...options }
}

/** A certificate whose private key only the client has; takes PEM, or its base64 part alone. */
export function x509Certificate(pem: string, options: SecretOptions = {}): Secret {
  const value = pem.replace(/-----[A-Z ]+-----/g, '').replace(/\s/g, '')
  return { type: 'X509CertificateBase64', value, ...options }
}

/**
 * In place of a secret that is still to come: nothing matches it, for no text is known whose SHA-256 is
 * all zeros.
 */
export const noSecretYet: Secret = sharedSecret(Buffer.alloc(32).toString('base64'))

/**
 * The hash under which a shared secret is registered: base64 of the SHA-256 of its UTF-8 bytes. Enough
 * for secrets of 128 random bits or more; a password that a person chose needs a slow hash instead.
 */
export function sha256(text: string): string {
  return hash('sha256', text, 'base64')
}

/** As {@link sha256}, with SHA-512. */
export function sha512(text: string): string {
  return hash('sha512', text, 'base64')
}

/** Whether a secret can be used at `now`, in milliseconds since the epoch. */
export function isCurrent(secret: Secret, now: number): boolean {
  return secret.expiration === undefined || now < secret.expiration.getTime()
}

const maximumSecret = 100

/** Compared with when there is nothing to compare with, so that an unknown client costs the same time. */
const decoy = [sharedSecret(sha256('decoy'))]

/** The hashes that a secret can be registered as, by their length in bytes. */
const algorithms = new Map([
  [32, 'sha256'],
  [64, 'sha512'],
])

/**
 * Whether a presented secret is one of the registered ones; one of more than 100 characters never is.
 * When there is none to compare with, as for an unknown client, it takes the same time as for a secret
 * registered by its SHA-256, or several of them. By its time it tells nothing of where a comparison failed.
 *
 * @param now milliseconds since the epoch
 */
export function matchesSharedSecret(
  secrets: readonly Secret[] | undefined,
  presented: string,
  now: number,
): boolean {
  const text = presented.slice(0, maximumSecret)
  const usable = secrets?.filter((each) => each.type === 'SharedSecret' && isCurrent(each, now))
  const candidates = usable?.length ? usable : decoy
  const hashes = new Map<number, Buffer>()
  let matches = false
  for (const { value } of candidates) {
    const registered = Buffer.from(value, 'base64')
    const algorithm = algorithms.get(registered.length)
    if (algorithm === undefined) continue
    const hashed = hashes.get(registered.length) ?? hash(algorithm, text, 'buffer')
    hashes.set(registered.length, hashed)
    if (timingSafeEqual(hashed, registered)) matches = true
  }
  return matches && candidates !== decoy && presented.length <= maximumSecret
}
