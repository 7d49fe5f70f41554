import { BrowserResponse } from '../browser-response.ts'
import { formPostPage } from './form-post.ts'
import type { ResponseMode, ResponseTarget } from './response-target.ts'

type Responder = (target: ResponseTarget, parameters: URLSearchParams) => BrowserResponse

const responders: Record<ResponseMode, Responder> = { query, fragment, form_post: formPostPage }

/**
 * Answers an authorization request, with success or with an error. Every answer names its issuer, so
 * that a client of several cannot be made to take one's answer for another's.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-4.1.2 RFC 6749 §4.1.2}
 * @see {@link https://www.rfc-editor.org/rfc/rfc9207.html#section-2 RFC 9207 §2}
 */
export function authorizationResponse(
  target: ResponseTarget,
  parameters: Readonly<Record<string, string>>,
  issuer: string,
): BrowserResponse {
  const { state, response_mode } = target
  const all = new URLSearchParams(parameters)
  if (state !== undefined) all.set('state', state)
  all.set('iss', issuer)
  return responders[response_mode](target, all)
}

/** A query that the redirect URI has already is kept (RFC 6749 §3.1.2). */
function query({ redirect_uri }: ResponseTarget, parameters: URLSearchParams): BrowserResponse {
  return BrowserResponse.redirect(
    `${redirect_uri}${redirect_uri.includes('?') ? '&' : '?'}${parameters}`,
  )
}

/** @see {@link https://openid.net/specs/oauth-v2-multiple-response-types-1_0.html#ResponseModes Multiple Response Types §2.1} */
function fragment({ redirect_uri }: ResponseTarget, parameters: URLSearchParams): BrowserResponse {
  return BrowserResponse.redirect(`${redirect_uri}#${parameters}`)
}
