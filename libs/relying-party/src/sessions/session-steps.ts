import { promisify } from 'node:util'

import type { Request } from 'express'

/** Replaces the session by an empty one with a new id, and removes the old one from the store. */
export async function regenerateSession(req: Request): Promise<void> {
  await promisify(req.session.regenerate.bind(req.session))()
}

/** Resolves when the store has the session. */
export async function saveSession(req: Request): Promise<void> {
  await promisify(req.session.save.bind(req.session))()
}

/** Removes the session from the store. */
export async function destroySession(req: Request): Promise<void> {
  await promisify(req.session.destroy.bind(req.session))()
}
