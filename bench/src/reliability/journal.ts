import type { Browser } from './browser.ts'
import type { Person } from './people.ts'
import type { Owner, UserTokens } from './signed-tokens.ts'

/** A refresh token of one use and those that it came of, the client's of that name. */
export interface Family {
  readonly client_id: string
  /** The last, as far as the client knows. */
  current: string
  /** Those that were used, the oldest first. */
  readonly spent: string[]
}

export interface KeptCode {
  readonly client_id: string
  readonly code: string
}

/** A code that was used once, and the reference token that came of it. */
export interface RedeemedCode extends KeptCode {
  readonly access_token: string
}

/** A browser that is signed in at the token service, as somebody who has been to a client. */
export interface Session {
  readonly browser: Browser
  readonly client_id: string
  readonly person: Person
}

/** The JWTs of a user: they have no place in the store, but are good for as long as the keys are there. */
export interface SignedTokens extends Owner, Session {
  readonly tokens: UserTokens
  /** When they were issued. */
  readonly at: Date
}

/** What the token service has acknowledged: it has to be true whatever happens to its process. */
export interface Journal {
  /** Reference tokens. */
  readonly issued: Set<string>
  readonly revoked: Set<string>
  readonly families: Family[]
  /** Whether their last token was used, nobody knows: its use was not answered. At most once, that is certain. */
  readonly doubtfulFamilies: Family[]
  readonly unusedCodes: KeptCode[]
  /** Used in two requests at once, of which one at least was refused. */
  readonly usedCodes: KeptCode[]
  readonly redeemedCodes: RedeemedCode[]
  /** Whether those codes were used whose use was not answered, nobody knows. At most once, that is certain. */
  readonly doubtfulCodes: KeptCode[]
  /** With the client that their user has given a lasting consent. */
  readonly consents: Session[]
  readonly signedTokens: SignedTokens[]
  /** How many were taken out of the journal, since to try them uses them up. */
  readonly tried: Record<Consumable, number>
}

type Consumable =
  | 'families'
  | 'doubtfulFamilies'
  | 'unusedCodes'
  | 'usedCodes'
  | 'redeemedCodes'
  | 'doubtfulCodes'

export function createJournal(): Journal {
  return {
    issued: new Set(),
    revoked: new Set(),
    families: [],
    doubtfulFamilies: [],
    unusedCodes: [],
    usedCodes: [],
    redeemedCodes: [],
    doubtfulCodes: [],
    consents: [],
    signedTokens: [],
    tried: {
      families: 0,
      doubtfulFamilies: 0,
      unusedCodes: 0,
      usedCodes: 0,
      redeemedCodes: 0,
      doubtfulCodes: 0,
    },
  }
}

/** How many facts there are of each kind, in words: what is there, and what was tried so far. */
export function describeJournal(journal: Journal): string {
  const { issued, revoked, consents, signedTokens, tried } = journal
  return [
    `${issued.size} tokens`,
    `${signedTokens.length} pairs of JWTs`,
    `${revoked.size} revocations`,
    `${consents.length} sessions and consents`,
    `and tried ${tried.families} families of refresh tokens`,
    `${tried.doubtfulFamilies} in doubt`,
    `${tried.unusedCodes} unused codes`,
    `${tried.usedCodes} used twice at once`,
    `${tried.redeemedCodes} used once`,
    `${tried.doubtfulCodes} in doubt`,
  ].join(', ')
}
