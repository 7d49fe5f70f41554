import type { Logger } from '../logger.ts'

/**
 * Removes what was stored for a request that has failed, and nobody gets. What cannot be removed expires, and is
 * not why the request has failed.
 */
export async function tryToRemove(
  remove: () => Promise<void> | void,
  logger: Logger,
): Promise<void> {
  try {
    await remove()
  } catch (err) {
    logger.warn({ err }, 'a code or token that nobody gets could not be removed')
  }
}
