import { ClientError, ResponseBodyError, WWWAuthenticateChallengeError } from 'openid-client'

/** How the provider refused. */
export interface Refusal {
  /** Undefined when the answer has none. */
  readonly error: string | undefined
  /** The code, or the HTTP status, and what the provider says of it. */
  readonly text: string
}

/**
 * The code and description with which the provider refused a back-channel request, or undefined when the
 * error is something else.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-5.2 RFC 6749 §5.2}
 */
export async function readRefusal(error: unknown): Promise<Refusal | undefined> {
  if (error instanceof ResponseBodyError) return describe(error.status, error.cause)
  // A 401 with a challenge is thrown before its body is read, and the body knows the reason.
  if (error instanceof WWWAuthenticateChallengeError)
    return describe(error.status, await readBody(error.response))
  if (error instanceof ClientError && error.cause instanceof Response && !error.cause.ok)
    return describe(error.cause.status, undefined)
  return undefined
}

async function readBody(response: Response): Promise<unknown> {
  return response.bodyUsed ? undefined : response.json().catch(() => undefined)
}

function describe(status: number, body: unknown): Refusal {
  const { error, error_description } = Object(body) as Readonly<Record<string, unknown>>
  const text = [error ?? `HTTP status ${status}`, error_description]
    .filter((part) => typeof part === 'string')
    .join(': ')
  return { error: typeof error === 'string' ? error : undefined, text }
}
