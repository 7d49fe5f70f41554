import { AuthorizationError } from '@basics/protocol'

import type {
  ProvenRedirectUri,
  ResponseTarget,
} from '../authorization-response/response-target.ts'
import type { RegisteredClient } from '../model/client.ts'
import { maximumUri, problemWithUri } from '../model/registered-uri.ts'
import type { ProviderOptions } from '../provider-options.ts'
import { ExplainedError } from './explained-error.ts'
import type { ReceivedRequest } from './received-request.ts'
import { readResponseMode } from './response-mode.ts'

type PushedRedirectUris = Pick<ProviderOptions, 'allowUnregisteredPushedRedirectUris'>

/**
 * Where the response goes. From here on the client can be told of errors; before, a redirect would
 * make this server a tool for whoever wrote the link.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc9700.html#section-4.11.2 RFC 9700 §4.11.2}
 */
export function readResponseTarget(
  request: ReceivedRequest,
  client: RegisteredClient,
  options: PushedRedirectUris,
): ResponseTarget {
  const { parameters } = request
  return {
    client,
    redirect_uri: proveRedirectUri(request, client, options),
    response_mode: readResponseMode(parameters),
    state: parameters.state,
  }
}

/**
 * The one place where a redirect URI becomes the client's: it is, to the letter, one that the client
 * registered. Only the port of a loopback IP literal is free, since an app on the user's machine gets
 * it from the system. And a client that authenticated when it pushed the request has vouched for the
 * URI itself, if the host takes its word.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc9700.html#section-2.1 RFC 9700 §2.1}
 * @see {@link https://www.rfc-editor.org/rfc/rfc8252.html#section-7.3 RFC 8252 §7.3}
 * @see {@link https://www.rfc-editor.org/rfc/rfc9126.html#section-2.4 RFC 9126 §2.4}
 */
function proveRedirectUri(
  { parameters: { redirect_uri }, isPushed }: ReceivedRequest,
  { redirectUris, requireClientSecret }: RegisteredClient,
  { allowUnregisteredPushedRedirectUris }: PushedRedirectUris,
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

  const isVouchedFor = isPushed && requireClientSecret && allowUnregisteredPushedRedirectUris
  if (isVouchedFor && problemWithUri(redirect_uri) === undefined)
    return redirect_uri as ProvenRedirectUri
  throw unregistered(redirect_uri, redirectUris)
}

function unregistered(redirect_uri: string, redirectUris: readonly string[]): ExplainedError {
  const reason = 'unregistered_redirect_uri'
  // Control characters could forge a line of a log, and those of bidirectional text reorder it.
  const requested = redirect_uri.slice(0, maximumUri).replace(/[^\x20-\x7e]/g, '?')
  return new ExplainedError(
    'invalid_request',
    'redirect_uri is not one that the client registered',
    { reason, requested, registered: redirectUris.slice(0, 10) },
    { reason, requested, registered: redirectUris.length },
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
