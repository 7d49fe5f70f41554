import { type BearerError, bearerChallenge, OAuthError } from '@basics/protocol'

import { MethodNotAllowed } from './method-not-allowed.ts'

/** An answer that is not the usual 200 with a JSON object. */
export class ProtocolResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string

  private constructor(status: number, headers: Readonly<Record<string, string>>, body: string) {
    this.status = status
    this.headers = headers
    this.body = body
  }

  /** 200 without a body. */
  static readonly empty = new ProtocolResponse(200, {}, '')

  static json(status: number, value: object): ProtocolResponse {
    return new ProtocolResponse(
      status,
      { 'Content-Type': 'application/json' },
      JSON.stringify(value),
    )
  }

  /** A signed answer: 200, with the media type that says what kind of JWT it is. */
  static jwt(type: string, jwt: string): ProtocolResponse {
    return new ProtocolResponse(200, { 'Content-Type': type }, jwt)
  }

  /** To a request without an access token: that one is needed, and no more (RFC 6750 §3.1). */
  static tokenNeeded(realm: string): ProtocolResponse {
    return new ProtocolResponse(401, { 'WWW-Authenticate': bearerChallenge({ realm }) }, '')
  }

  /**
   * @param realm what the authentication that a challenge asks for is good for
   * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-5.2 RFC 6749 §5.2}
   * @see {@link https://www.rfc-editor.org/rfc/rfc6750.html#section-3 RFC 6750 §3}
   */
  static refusal(refusal: OAuthError | BearerError, realm: string): ProtocolResponse {
    const { error, message: error_description } = refusal
    const { status, headers, body } = ProtocolResponse.json(refusal.status, {
      error,
      error_description,
    })
    const challenge = challengeOf(refusal, realm)
    const advice = {
      ...(challenge !== undefined && { 'WWW-Authenticate': challenge }),
      ...(refusal instanceof MethodNotAllowed && { Allow: refusal.allow }),
    }
    return new ProtocolResponse(status, { ...headers, ...advice }, body)
  }
}

function challengeOf(refusal: OAuthError | BearerError, realm: string): string | undefined {
  if (!(refusal instanceof OAuthError))
    return bearerChallenge({ ...refusal, realm, error_description: refusal.message })
  // A 401 MUST name a way to authenticate (RFC 9110 §15.5.2); Basic is the one that HTTP has a name for.
  return refusal.status === 401 ? `Basic realm="${realm}"` : undefined
}
