/**
 * What is wrong with an issuer identifier, as a sentence that continues from its name, or undefined.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc8414.html#section-2 RFC 8414 §2}
 */
export function problemWithIssuer(issuer: string): string | undefined {
  const url = URL.parse(issuer)
  const isIssuer = url !== null && /^https?:\/\//.test(issuer)
  if (isIssuer && !/[?#\s\\]|\/$/.test(issuer) && url.username === '' && url.password === '')
    return undefined
  return (
    `is '${issuer}'; expected an http(s) URL without query, fragment, user name and ` +
    "trailing slash, such as 'https://login.example'"
  )
}
