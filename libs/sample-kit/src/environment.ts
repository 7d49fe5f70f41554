import { refuseToStart } from './refuse-to-start.ts'

/**
 * The URL in an environment variable, or the fallback when the variable is unset or empty.
 * Ends the process when the value is not an absolute http or https URL without credentials, query
 * and fragment. The text is returned as it was written: an issuer is compared as a string.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc8414.html#section-2 RFC 8414 §2}
 */
export function readUrl(variable: string, fallback: string): string {
  const value = process.env[variable] || fallback
  const url = URL.parse(value)
  if (
    url === null ||
    !['http:', 'https:'].includes(url.protocol) ||
    url.username !== '' ||
    url.password !== '' ||
    /[?#]/.test(value)
  ) {
    refuseToStart(
      `${variable} is "${value}": expected an http or https URL without credentials, query and fragment, like ${fallback}`,
    )
  }
  return value
}

/**
 * The whole number in an environment variable, or the fallback when the variable is unset or empty.
 * Ends the process when the value is anything but digits within the limits (inclusive).
 */
export function readWholeNumber<Fallback>(
  variable: string,
  fallback: Fallback,
  limits: { readonly min: number; readonly max: number },
): number | Fallback {
  const value = process.env[variable]
  if (value === undefined || value === '') return fallback
  const number = /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN
  if (!(number >= limits.min && number <= limits.max)) {
    refuseToStart(
      `${variable} is "${value}": expected a whole number from ${limits.min} to ${limits.max}`,
    )
  }
  return number
}

/**
 * The word in an environment variable, or the fallback when the variable is unset or empty. Ends the
 * process when it is none of the choices.
 */
export function readChoice<Choice extends string>(
  variable: string,
  fallback: Choice,
  choices: readonly Choice[],
): Choice {
  const value = process.env[variable] || fallback
  const choice = choices.find((each) => each === value)
  if (choice === undefined)
    refuseToStart(`${variable} is "${value}": expected one of ${choices.join(', ')}`)
  return choice
}
