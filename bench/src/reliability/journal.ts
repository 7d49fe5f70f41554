import type { Browser } from './browser.ts'

/** A refresh token of one use and those that it came of, the client's of that name. */
export interface Family {
  readonly client_id: string
  /** Undefined while a request is under way: without its answer nobody knows which token is the last. */
  current: string | undefined
  readonly spent: string[]
}

export interface KeptCode {
  readonly client_id: string
  readonly code: string
}

/** What the token service has acknowledged: it has to be true whatever happens to its process. */
export interface Journal {
  /** Reference tokens. */
  readonly issued: Set<string>
  readonly revoked: Set<string>
  readonly families: Family[]
  readonly unusedCodes: KeptCode[]
  readonly usedCodes: KeptCode[]
  /** Whether those codes were used whose use was not answered, nobody knows. At most once, that is certain. */
  readonly doubtfulCodes: KeptCode[]
  /** Browsers that are signed in, with the client that their user has given a lasting consent. */
  readonly consents: { readonly browser: Browser; readonly client_id: string }[]
}

export function createJournal(): Journal {
  return {
    issued: new Set(),
    revoked: new Set(),
    families: [],
    unusedCodes: [],
    usedCodes: [],
    doubtfulCodes: [],
    consents: [],
  }
}

/** How many facts there are of each kind, in words. */
export function describeJournal(journal: Journal): string {
  return [
    `${journal.issued.size} tokens`,
    `${journal.revoked.size} revocations`,
    `${journal.families.filter(({ current }) => current !== undefined).length} refresh tokens`,
    `${journal.consents.length} sessions and consents`,
    `${journal.usedCodes.length} used codes`,
    `${journal.unusedCodes.length} unused codes`,
    `${journal.doubtfulCodes.length} codes in doubt`,
  ].join(', ')
}
