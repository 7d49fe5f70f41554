/** The provider cannot be discovered: it is down, or what it publishes cannot be used. */
export class ProviderUnavailable extends Error {
  override readonly name = 'ProviderUnavailable'
  /** When trying again makes sense, in seconds since the epoch. */
  readonly retryAt: number

  constructor(issuer: string, retryAt: number, cause: unknown) {
    super(`Cannot discover ${issuer}: ${describeCause(cause)}`, { cause })
    this.retryAt = retryAt
  }
}

/** `fetch` says no more than "fetch failed". The innermost error knows: ECONNREFUSED, a bad certificate. */
export function describeCause(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.cause instanceof Error) return describeCause(error.cause)
  if (error.cause instanceof Response) return `${error.message} (${error.cause.status})`
  // Of a host name with several addresses only the code is known.
  return error.message || ('code' in error ? String(error.code) : error.name)
}
