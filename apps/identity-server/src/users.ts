import type { User, UserStore } from '@basics/openid-provider'

import { matchesPassword } from './passwords.ts'

/** A person who can sign in. */
export interface Account extends User {
  /** In any case: `Alice` is `alice`. */
  readonly username: string
  readonly passwordHash: string
}

/** Where the engine finds users, and the sign-in page too. */
export interface AccountStore extends UserStore {
  /** The active account of that name, if the password is its own. Takes as long when there is none. */
  findByCredentials(username: string, password: string): Promise<Account | undefined>
}

const address = {
  street_address: 'One Hacker Way',
  locality: 'Heidelberg',
  postal_code: '69118',
  country: 'Germany',
}

/** The people who can sign in. */
export const accounts: readonly Account[] = [
  {
    sub: '1',
    username: 'alice',
    passwordHash:
      '$argon2id$v=19$m=19456,t=2,p=1$VLJVKD0DVyfxV2GHX24uDQ$5PJwGf9tFJqeJdDTyF4dRSSn3l2jRYvN98IeJj0zoCI',
    claims: {
      name: 'Alice Smith',
      given_name: 'Alice',
      family_name: 'Smith',
      email: 'AliceSmith@example.com',
      email_verified: true,
      website: 'http://alice.example.com',
      address,
    },
  },
  {
    sub: '2',
    username: 'bob',
    passwordHash:
      '$argon2id$v=19$m=19456,t=2,p=1$aVqTACSrEwLC5medr711dg$9nffuEk9oCA644c9sxeUjObldFBsD0B4oyLLIEK41h0',
    claims: {
      name: 'Bob Smith',
      given_name: 'Bob',
      family_name: 'Smith',
      email: 'BobSmith@example.com',
      email_verified: true,
      website: 'http://bob.example.com',
      address,
    },
  },
]

/** Their passwords, for the home page: this is a place to learn. */
export const users = [
  { username: 'alice', password: 'alice' },
  { username: 'bob', password: 'bob' },
] as const

/** Of a random password that nobody kept. */
const decoyHash =
  '$argon2id$v=19$m=19456,t=2,p=1$/0YOhJefZCc8BeHpQ3kh7w$CYVM42Lgw6+M5b7Kw4gXKrtW8JO088UTk8TkFgyj35E'

/** Keeps accounts in memory. */
export function inMemoryAccounts(accounts: readonly Account[]): AccountStore {
  const bySub = new Map(accounts.map((account) => [account.sub, account]))
  const byUsername = new Map(accounts.map((account) => [account.username.toLowerCase(), account]))

  return {
    findUserBySub: (sub) => bySub.get(sub),

    async findByCredentials(username, password) {
      const account = byUsername.get(username.toLowerCase())
      // A password is hashed whether or not there is such a user, so the time tells nothing.
      const matches = await matchesPassword(password, account?.passwordHash ?? decoyHash)
      return matches && account?.active !== false ? account : undefined
    },
  }
}

export const accountStore: AccountStore = inMemoryAccounts(accounts)
