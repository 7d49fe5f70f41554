import { discover } from './discovery.js'
import { takeAttempt } from './sign-in-attempt.js'

/**
 * What the provider answered, of which start.js has freed the address.
 *
 * @param {string} part Of that address: its query or its fragment, with the mark before it.
 * @returns {URLSearchParams | undefined} undefined when the page was simply opened.
 */
export function readAuthorizationResponse(part) {
  const parameters = new URLSearchParams(part.slice(1))
  return parameters.has('state') || parameters.has('error') ? parameters : undefined
}

/**
 * Checks that the response answers what this tab has asked, and that it comes from the provider that was
 * asked. Only then its content counts, be it an error.
 *
 * @param {URLSearchParams} parameters
 * @param {string} clientId
 * @returns {Promise<import('./sign-in-attempt.js').SignInAttempt>} What was asked.
 * @throws {Error} a sentence for the user.
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-10.12 RFC 6749 §10.12}
 * @see {@link https://www.rfc-editor.org/rfc/rfc9207.html#section-2.4 RFC 9207 §2.4}
 */
export async function validateAuthorizationResponse(parameters, clientId) {
  const attempt = takeAttempt(clientId)
  for (const name of parameters.keys())
    if (parameters.getAll(name).length > 1) throw new Error(`The answer has ${name} twice.`)
  if (attempt === undefined) throw new Error('This tab has not asked for this answer.')
  if (parameters.get('state') !== attempt.state)
    throw new Error('The state is not that of this sign-in: the answer belongs to another one.')
  const { issuer } = await discover()
  if (parameters.get('iss') !== issuer) throw new Error('Another token service has answered.')
  const error = parameters.get('error')
  if (error !== null)
    throw new Error(
      ['You are not signed in', error, parameters.get('error_description')]
        .filter((part) => part !== null)
        .join(': '),
    )
  return attempt
}
