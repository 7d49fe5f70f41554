/** An answer that is not the usual 200 with a JSON object. */
export class ProtocolResponse {
  readonly status: number
  /** Media type, or undefined when there is no body. */
  readonly type: string | undefined
  readonly body: string

  private constructor(status: number, type: string | undefined, body: string) {
    this.status = status
    this.type = type
    this.body = body
  }

  /** 200 without a body. */
  static readonly empty = new ProtocolResponse(200, undefined, '')

  static json(status: number, value: object): ProtocolResponse {
    return new ProtocolResponse(status, 'application/json', JSON.stringify(value))
  }

  /** A signed answer: 200, with the media type that says what kind of JWT it is. */
  static jwt(type: string, jwt: string): ProtocolResponse {
    return new ProtocolResponse(200, type, jwt)
  }
}
