/**
 * The media type of a Content-Type, in lower case: parameters may follow it.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc9110.html#section-8.3.1 RFC 9110 §8.3.1}
 */
export function readMediaType(contentType = ''): string {
  const [type = ''] = contentType.split(';', 1)
  return type.trim().toLowerCase()
}
