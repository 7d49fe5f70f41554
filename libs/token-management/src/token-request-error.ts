import { readRefusal, withoutControls } from '@basics/protocol'
import { ClientError, ResponseBodyError, WWWAuthenticateChallengeError } from 'openid-client'

/**
 * The token service did not do what it was asked for. The message says what, for which client and why; it
 * holds no secret and no token, and neither does anything else in here: it can be logged.
 */
export class TokenRequestError extends Error {
  override readonly name = 'TokenRequestError'
  /** The HTTP status of the answer; undefined when there was none, or its content was unusable. */
  readonly status: number | undefined
  /** The protocol's error code, such as `invalid_client`. */
  readonly error: string | undefined

  /** @param answer `cause` is the error of the network, such as ECONNREFUSED. */
  constructor(message: string, answer: { status?: number; error?: string; cause?: Error }) {
    super(message, answer.cause && { cause: answer.cause })
    this.status = answer.status
    this.error = answer.error
  }

  /** Whether asking again may help. A refusal (4xx) is meant for good; overload and timeouts are not. */
  get isTransient(): boolean {
    const { status } = this
    return status === undefined || status >= 500 || status === 408 || status === 429
  }
}

/**
 * What an error of openid-client means. That error does not become the `cause`: an answer that failed
 * its checks is attached to it whole, with the token.
 *
 * @param failure What has failed: the beginning of the message.
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-5.2 RFC 6749 §5.2}
 */
export async function readTokenRequestError(
  thrown: unknown,
  failure: string,
): Promise<TokenRequestError> {
  const { reason, ...answer } = await readAnswer(thrown)
  return new TokenRequestError(`${failure}: ${reason}`, answer)
}

async function readAnswer(thrown: unknown) {
  if (thrown instanceof ResponseBodyError) return readAnswered(thrown.status, thrown.cause)
  // A 401 with a challenge is thrown before its body is read, and the body knows the reason.
  if (thrown instanceof WWWAuthenticateChallengeError)
    return readAnswered(thrown.status, await thrown.response.json().catch(() => undefined))
  if (thrown instanceof ClientError && thrown.cause instanceof Response)
    return readAnswered(thrown.cause.status, undefined)
  return readFailure(thrown)
}

function readAnswered(status: number, body: unknown) {
  const { text: reason, ...refusal } = readRefusal(status, body)
  return { status, reason, ...refusal }
}

/** `fetch` says only "fetch failed". What did is in the cause, which has only a code for several addresses. */
function readFailure(thrown: unknown) {
  const { message, cause } = thrown as Error
  if (!(cause instanceof Error)) return { reason: withoutControls(message) }
  const code = 'code' in cause ? String(cause.code) : undefined
  const reason = withoutControls([...new Set([message, cause.message || code])].join(': '))
  return thrown instanceof TypeError && code !== undefined ? { reason, cause } : { reason }
}
