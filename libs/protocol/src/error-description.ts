const maximumDescription = 200

/**
 * The text as an `error_description` may hold it: %x20-21 / %x23-5B / %x5D-7E, bounded. What a request
 * said may be quoted in a description, so it can hold anything.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-5.2 RFC 6749 §5.2}
 */
export function printable(description: string): string {
  return description.slice(0, maximumDescription).replace(/[^\x20\x21\x23-\x5b\x5d-\x7e]/g, '?')
}
