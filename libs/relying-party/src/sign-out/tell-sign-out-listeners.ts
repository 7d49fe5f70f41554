import type { Context } from '../context.ts'
import { describeCause } from '../provider/provider-unavailable.ts'
import type { EndedSession } from '../sessions/session-endings.ts'

/**
 * Tells those who asked of a session that has ended. By now it has: whatever a listener cannot do changes
 * nothing about that, and is logged.
 */
export async function tellSignOutListeners(
  context: Pick<Context, 'signOutListeners' | 'log'>,
  { id, tokens }: EndedSession,
): Promise<void> {
  for (const listener of context.signOutListeners) {
    try {
      await listener(id, tokens)
    } catch (error) {
      const reason = describeCause(error).replace(/\p{Cc}+/gu, ' ')
      context.log(`the sign-out is done, but not all that belongs to it: ${reason}`)
    }
  }
}
