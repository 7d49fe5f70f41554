/**
 * A token could not be checked, through no fault of the token: the issuer is down or slow, it answers
 * what it should not, or it does not accept this API's own credentials.
 */
export class IssuerUnavailable extends Error {
  override readonly name = 'IssuerUnavailable'
  /** When trying again makes sense, in seconds since the epoch. */
  readonly retryAt: number

  constructor(problem: string, retryAt: number, cause?: unknown) {
    super(cause === undefined ? problem : `${problem}: ${reason(cause)}`, { cause })
    this.retryAt = retryAt
  }
}

/**
 * Tells of each error once, however many requests meet it. Whom it tells may fail: that costs neither a request
 * nor, behind a renewal, the process.
 */
export function reportOnce(
  tell: (error: IssuerUnavailable) => void = writeToStderr,
): (error: IssuerUnavailable) => void {
  const reported = new WeakSet<IssuerUnavailable>()
  return (error) => {
    if (reported.has(error)) return
    reported.add(error)
    try {
      tell(error)
    } catch (failure) {
      console.error(failure)
    }
  }
}

function writeToStderr(error: IssuerUnavailable): void {
  console.error(error.message)
}

/** `fetch` fails with "fetch failed" and keeps the reason (ECONNREFUSED, a bad certificate) inside. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.cause !== undefined) return reason(error.cause)
  if (error.message === '' && 'code' in error) return String(error.code)
  return error.message
}
