/** The error codes of a protected resource, each with the status it is sent with (RFC 6750 §3.1). */
const statuses = { invalid_request: 400, invalid_token: 401, insufficient_scope: 403 } as const

export type BearerErrorCode = keyof typeof statuses

/**
 * A protected resource's refusal of an access token. Its message becomes the `error_description`: it is
 * for the client's developer, and holds nothing that only the resource should know.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6750.html#section-3.1 RFC 6750 §3.1}
 */
export class BearerError extends Error {
  override readonly name = 'BearerError'
  readonly error: BearerErrorCode
  readonly status: number
  /** For `insufficient_scope`: the scope that is needed, separated by spaces. */
  readonly scope: string | undefined

  constructor(
    error: BearerErrorCode,
    description: string,
    options: { readonly scope?: string; readonly cause?: unknown } = {},
  ) {
    super(description, { cause: options.cause })
    this.error = error
    this.status = statuses[error]
    this.scope = options.scope
  }
}

/**
 * Reads the access token from an `Authorization` header. Nothing is known of it yet but its characters.
 *
 * @returns undefined when there is no header, or it is of another scheme.
 * @throws {BearerError} `invalid_token` when it says `Bearer` and what follows is not a b64token.
 * @see {@link https://www.rfc-editor.org/rfc/rfc6750.html#section-2.1 RFC 6750 §2.1}
 */
export function readBearerToken(authorization: string | undefined): string | undefined {
  if (authorization === undefined || !/^bearer(?: |$)/i.test(authorization)) return undefined
  const token = authorization.slice('bearer'.length).replace(/^ +/, '')
  if (!/^[A-Za-z0-9\-._~+/]+=*$/.test(token))
    throw new BearerError('invalid_token', 'the Bearer credentials are not a well-formed token')
  return token
}

/** The attributes of a Bearer challenge, under their names on the wire. */
export interface BearerChallenge {
  /** Always there, for the scheme must not stand alone (RFC 6750 §3). */
  readonly realm: string
  readonly error?: BearerErrorCode | undefined
  readonly error_description?: string | undefined
  /** Separated by spaces. */
  readonly scope?: string | undefined
}

/**
 * Writes the value of a `WWW-Authenticate` header. A request that brought no token gets no `error`: it
 * only learns that one is needed.
 *
 * Any text may be given: what a header or the grammar of an attribute does not allow is replaced.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6750.html#section-3 RFC 6750 §3}
 */
export function bearerChallenge(challenge: BearerChallenge): string {
  const { realm, error, error_description, scope } = challenge
  const attributes = [
    `realm="${printable(realm).replace(/["\\]/g, '\\$&')}"`,
    error !== undefined && `error="${error}"`,
    error_description !== undefined && `error_description="${unquoted(error_description)}"`,
    scope !== undefined && `scope="${unquoted(scope)}"`,
  ]
  return `Bearer ${attributes.filter(Boolean).join(', ')}`
}

/** A line break let through here would let a value write headers of its own. */
function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?')
}

/** Both values are limited to %x20-21 / %x23-5B / %x5D-7E: no escapes, so no quote and no backslash. */
function unquoted(text: string): string {
  return printable(text).replace(/["\\]/g, "'")
}
