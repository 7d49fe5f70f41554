import type { Context } from '../context.ts'
import { describeCause } from '../provider/provider-unavailable.ts'
import type { Tokens } from '../tokens/tokens.ts'

/**
 * Tells those who asked of a session that has ended. By now it has: whatever a listener cannot do changes
 * nothing about that, and is logged.
 *
 * @param id The session's.
 * @param tokens What the session had.
 */
export async function tellSignOutListeners(
  context: Context,
  id: string,
  tokens: Tokens,
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
