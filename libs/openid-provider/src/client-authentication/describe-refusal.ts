import { errors } from 'jose'

/**
 * What is wrong with a JWT of a client, in words that help its developer, where `jose` has only its own.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc7523.html#section-3 RFC 7523 §3}
 */
export function describeRefusal(error: errors.JOSEError): string {
  if (error instanceof errors.JWTExpired) return 'it has expired: exp is in the past'
  if (!(error instanceof errors.JWTClaimValidationFailed)) return error.message.replaceAll('"', "'")
  const { claim, reason } = error
  if (reason === 'missing') return `${claim} is missing`
  if (claim === 'nbf' && reason === 'check_failed')
    return 'it is not valid yet: nbf is in the future'
  return `${claim} is not as it should be`
}
