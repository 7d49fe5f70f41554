import type { User, UserStore } from './model/user.ts'
import { askStore } from './stores/ask-store.ts'

/** The host's users as the engine sees them. */
export interface RegisteredUsers {
  /** @throws {Error} when the store fails, takes too long or answers with something else than this user. */
  findUserBySub(sub: string): Promise<User | undefined>
}

/** @param timeout seconds that the store has for an answer */
export function registeredUsers(store: UserStore, timeout: number): RegisteredUsers {
  return {
    findUserBySub: async (sub) =>
      readUser(await askStore('findUserBySub', timeout, () => store.findUserBySub(sub)), sub),
  }
}

/** Nobody may sign in as one user and be taken for another. */
function readUser(answer: unknown, sub: string): User | undefined {
  if (answer === undefined) return undefined
  const user = (answer ?? {}) as Partial<User>
  if (user.sub !== sub || typeof user.claims !== 'object' || user.claims === null)
    throw new Error('the user store answered with another user, or with none')
  return answer as User
}
