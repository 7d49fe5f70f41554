import type { FormParameters } from '@basics/protocol'

/**
 * An authorization request as it came in: its parameters, out of the signed object or the pushed
 * request that held them, and how they came, since a client may be held to one way.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc9101.html#section-5 RFC 9101 §5}
 * @see {@link https://www.rfc-editor.org/rfc/rfc9126.html#section-4 RFC 9126 §4}
 */
export interface ReceivedRequest {
  readonly parameters: FormParameters
  /** By a request object: the client's key vouches for the parameters (RFC 9101). */
  readonly isSigned: boolean
  /** Over the back channel, from a client that authenticated there (RFC 9126). */
  readonly isPushed: boolean
}
