/**
 * Whether a header came more than once. Node keeps the first `Authorization` or `Host` and drops the others,
 * while a proxy in front may have looked at another one.
 *
 * @param name in lower case
 * @param rawHeaders names and values in turn, as `IncomingMessage.rawHeaders` has them: `headersDistinct`
 *   would copy them all
 * @see {@link https://www.rfc-editor.org/rfc/rfc9110.html#section-5.3 RFC 9110 §5.3}
 */
export function isRepeatedHeader(name: string, rawHeaders: readonly string[]): boolean {
  let count = 0
  for (let index = 0; index < rawHeaders.length; index += 2)
    if (rawHeaders[index]?.length === name.length && rawHeaders[index]?.toLowerCase() === name)
      count++
  return count > 1
}
