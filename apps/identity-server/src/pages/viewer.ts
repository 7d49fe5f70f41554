import type { Interaction, LoginSession, User, UserStore } from '@basics/openid-provider'
import type { Request } from 'express'

/** Who looks at a page: the user signed in with the browser. */
export interface Viewer {
  readonly session: LoginSession
  readonly user: User
  /** What to call them. */
  readonly name: string
}

/** The viewer, or undefined when nobody is signed in. */
export type FindViewer = (req: Request) => Promise<Viewer | undefined>

/** Finds viewers by the engine's sessions and the host's users. */
export function findViewer(interaction: Interaction, users: UserStore): FindViewer {
  return async (req) => {
    const session = await interaction.getSession(req)
    if (session === undefined) return undefined
    const user = await users.findUserBySub(session.sub)
    if (user === undefined) return undefined
    const { name } = user.claims
    return { session, user, name: typeof name === 'string' ? name : user.sub }
  }
}
