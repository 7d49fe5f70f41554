import { isCurrent, noSecretYet, type Secret } from '../model/secret.ts'
import type { Findings } from './findings.ts'
import type { Path } from './spelling.ts'

/**
 * Warns of secrets that nothing can ever match: their owner would look for the mistake elsewhere.
 *
 * @param path of the list of secrets
 * @param now milliseconds since the epoch
 */
export function warnOfSecrets(
  secrets: readonly Secret[],
  subject: string,
  path: Path,
  findings: Findings,
  now: number,
): void {
  for (const [index, secret] of secrets.entries()) {
    const place = [...path, index, 'value']
    const what = findings.valueAt(place) === '' ? 'empty' : 'a placeholder'
    if (secret.value === noSecretYet.value)
      findings.warning(
        subject,
        place,
        `is ${what}, which no secret matches; expected the base64 of the SHA-256 of a secret`,
      )
    if (!isCurrent(secret, now))
      findings.warning(
        subject,
        [...path, index, 'expiration'],
        `is ${secret.expiration?.toISOString()}, which is past; the secret is not accepted`,
      )
  }
}
