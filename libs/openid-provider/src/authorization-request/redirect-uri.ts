import { AuthorizationError, type FormParameters } from '@basics/protocol'

import type {
  ProvenRedirectUri,
  ResponseTarget,
} from '../authorization-response/response-target.ts'
import type { RegisteredClient } from '../model/client.ts'
import { readResponseMode } from './response-mode.ts'

/**
 * Where the response goes. From here on the client can be told of errors; before, a redirect would
 * make this server a tool for whoever wrote the link.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc9700.html#section-4.11.2 RFC 9700 §4.11.2}
 */
export function readResponseTarget(
  parameters: FormParameters,
  client: RegisteredClient,
): ResponseTarget {
  return {
    client,
    redirect_uri: proveRedirectUri(parameters.redirect_uri, client),
    response_mode: readResponseMode(parameters),
    state: parameters.state,
  }
}

/**
 * The one place where a redirect URI becomes the client's: it is, to the letter, one that the client
 * registered. Only the port of a loopback IP literal is free, since an app on the user's machine gets
 * it from the system.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc9700.html#section-2.1 RFC 9700 §2.1}
 * @see {@link https://www.rfc-editor.org/rfc/rfc8252.html#section-7.3 RFC 8252 §7.3}
 */
function proveRedirectUri(
  redirect_uri: string | undefined,
  { redirectUris }: RegisteredClient,
): ProvenRedirectUri {
  if (redirect_uri === undefined)
    throw new AuthorizationError('invalid_request', 'redirect_uri is missing')
  if (redirectUris.includes(redirect_uri)) return redirect_uri as ProvenRedirectUri

  const portless = withoutLoopbackPort(redirect_uri)
  if (
    portless !== undefined &&
    redirectUris.some((registered) => withoutLoopbackPort(registered) === portless)
  )
    return redirect_uri as ProvenRedirectUri
  throw new AuthorizationError(
    'invalid_request',
    'redirect_uri is not one that the client registered',
  )
}

const loopback =
  /^(http:\/\/(?:127\.0\.0\.1|\[::1\]))(?::[1-9]\d{0,4})?(\/[\x21\x24-\x5b\x5d-\x7e]*)?$/

/** Undefined when the URI is not on a loopback IP literal, or its port is no port. */
function withoutLoopbackPort(uri: string): string | undefined {
  if (!URL.canParse(uri)) return undefined
  const [, origin, path = ''] = loopback.exec(uri) ?? []
  return origin === undefined ? undefined : origin + path
}
