import type { Context } from '../context.ts'
import type { Tokens } from '../tokens/tokens.ts'
import { discardTokens } from './discard-tokens.ts'

/** The tokens of a session that ends. */
export interface EndedTokens {
  readonly tokens: Tokens
  /** Resolves when they are discarded, or that has failed. */
  readonly discarded: Promise<void>
}

/**
 * Takes the tokens of a session that is to end, and discards them behind the answer: from then on nobody has them,
 * also when the session itself cannot be removed.
 *
 * @returns undefined when nobody is signed in, or no more.
 */
export async function endTokens(
  context: Context,
  signIn: { readonly id: string } | undefined,
): Promise<EndedTokens | undefined> {
  const record = signIn && (await context.tokenStore.take(signIn.id))
  if (signIn === undefined || record === undefined) return undefined
  const { tokens } = record
  const discarded = discardTokens(context, { id: signIn.id, tokens })
  context.afterwards(discarded)
  return { tokens, discarded }
}
