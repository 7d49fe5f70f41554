import type { Client } from '../model/client.ts'
import type { Findings } from './findings.ts'
import type { Path } from './spelling.ts'

/** Lists of URIs that requests name, compared character by character. */
const lists = ['redirectUris', 'postLogoutRedirectUris', 'requestUris'] as const

/** A segment of asterisks alone. */
const wildcard = /\/\*+(\/|$)/

/**
 * Warns of paths that look like patterns: a path may have an asterisk, but it stands for nothing else.
 *
 * @param path of the client
 */
export function warnOfWildcards(
  client: Client,
  subject: string,
  path: Path,
  findings: Findings,
): void {
  for (const list of lists)
    for (const [index, uri] of (client[list] ?? []).entries())
      if (wildcard.test(URL.parse(uri)?.pathname ?? ''))
        findings.warning(
          subject,
          [...path, list, index],
          `is '${uri}', which matches itself alone: * is no wildcard, so register each one that is used`,
        )
}
