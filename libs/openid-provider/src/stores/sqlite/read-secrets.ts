import type { Secret } from '../../model/secret.ts'

/** Secrets as JSON has them: it has no dates, so an expiration is a text in it. */
export function readSecrets(secrets: readonly Secret[]): Secret[] {
  return secrets.map((secret) =>
    secret.expiration === undefined
      ? secret
      : { ...secret, expiration: new Date(secret.expiration) },
  )
}
