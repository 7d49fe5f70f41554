import type { FormParameters } from '@basics/protocol'

/**
 * An authorization request as it came in: its parameters, out of the signed object or the pushed
 * request that held them, and how they came, since a client may be held to one way.
 */
export interface ReceivedRequest {
  readonly parameters: FormParameters
  /** By a request object: the client's key vouches for the parameters (RFC 9101). */
  readonly isSigned: boolean
  /** Over the back channel, from a client that authenticated there (RFC 9126). */
  readonly isPushed: boolean
}
