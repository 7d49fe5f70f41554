import { type Refusal, readRefusal } from '@basics/protocol'
import { ClientError, ResponseBodyError, WWWAuthenticateChallengeError } from 'openid-client'

/**
 * How the provider refused a back-channel request, or undefined when the error is something else.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-5.2 RFC 6749 §5.2}
 */
export async function findRefusal(error: unknown): Promise<Refusal | undefined> {
  if (error instanceof ResponseBodyError) return readRefusal(error.status, error.cause)
  // A 401 with a challenge is thrown before its body is read, and the body knows the reason.
  if (error instanceof WWWAuthenticateChallengeError)
    return readRefusal(error.status, await readBody(error.response))
  if (error instanceof ClientError && error.cause instanceof Response && !error.cause.ok)
    return readRefusal(error.cause.status, undefined)
  return undefined
}

async function readBody(response: Response): Promise<unknown> {
  return response.bodyUsed ? undefined : response.json().catch(() => undefined)
}
