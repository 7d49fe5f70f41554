/** How a server refused a back-channel request. */
export interface Refusal {
  /** The error code, such as `invalid_client`; absent when the answer has none. */
  readonly error?: string
  /** The code, or the HTTP status where there is none, and what the server says of it. */
  readonly text: string
}

/**
 * Reads an error response, which may be anything: of a server that fails, or of none that knows OAuth.
 *
 * @param body the JSON of it, or undefined when it has none
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-5.2 RFC 6749 §5.2}
 */
export function readRefusal(status: number, body: unknown): Refusal {
  const { error, error_description } = Object(body) as Readonly<Record<string, unknown>>
  const code = typeof error === 'string' && error
  const text = [code || `HTTP status ${status}`, error_description]
    .filter((part) => typeof part === 'string')
    .join(': ')
  return { text: withoutControls(text), ...(code && { error: code }) }
}

/** Text from another machine, which must not forge a line of a log, or steer a terminal. */
export function withoutControls(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ')
}
