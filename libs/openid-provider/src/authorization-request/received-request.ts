import { AuthorizationError, type FormParameters } from '@basics/protocol'

/**
 * An authorization request as it came in: its parameters, out of the signed object or the pushed
 * request that held them, and how they came, since a client may be held to one way.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc9101.html#section-5 RFC 9101 §5}
 * @see {@link https://www.rfc-editor.org/rfc/rfc9126.html#section-4 RFC 9126 §4}
 */
export interface ReceivedRequest extends WayIn {
  /** Those that are known. */
  readonly parameters: FormParameters
}

interface WayIn {
  /** By a request object: the client's key vouches for the parameters (RFC 9101). */
  readonly isSigned: boolean
  /** Over the back channel, from a client that authenticated there (RFC 9126). */
  readonly isPushed: boolean
}

/** Nothing else of a request reaches those who read it. */
const known =
  'acr_values claims client_id code_challenge code_challenge_method display id_token_hint login_hint max_age nonce prompt redirect_uri registration resource response_mode response_type scope state ui_locales'.split(
    ' ',
  )

/** Characters of all parameters together, but for the hint, which has a signature of ours. */
const maximumLength = 16_000

/**
 * Leaves out of a request what is not known, which MUST be ignored, and bounds the rest: it may be kept until its
 * user has signed in, for whoever sends it.
 *
 * @throws {AuthorizationError} `invalid_request`
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-3.1 RFC 6749 §3.1}
 */
export function createReceivedRequest(sent: FormParameters, way: WayIn): ReceivedRequest {
  const parameters: Record<string, string> = Object.create(null)
  let length = 0
  for (const name of known) {
    const value = sent[name]
    if (value === undefined) continue
    parameters[name] = value
    if (name !== 'id_token_hint') length += value.length
  }
  if (length > maximumLength)
    throw new AuthorizationError(
      'invalid_request',
      `the parameters have ${length} characters, of which ${maximumLength} are taken`,
    )
  return { parameters, ...way }
}
