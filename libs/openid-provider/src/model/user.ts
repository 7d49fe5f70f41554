/** A person, as far as tokens and userinfo are concerned. */
export interface User {
  readonly sub: string
  /** Default true; false signs the user out of everything at the next opportunity. */
  readonly active?: boolean
  /** Claims by name, JSON values. `sub` and the protocol's own are not taken from here. */
  readonly claims: Readonly<Record<string, unknown>>
}

/** Where the engine finds users. How they sign in is the host's pages' affair. */
export interface UserStore {
  findUserBySub(sub: string): User | undefined | Promise<User | undefined>
}
