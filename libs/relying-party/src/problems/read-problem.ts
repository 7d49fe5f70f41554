import { AuthorizationResponseError, ClientError } from 'openid-client'

import { ProviderUnavailable } from '../provider/provider-unavailable.ts'
import { findRefusal } from './find-refusal.ts'
import { type Problem, ProblemError, SignInFailed } from './problem.ts'

/**
 * What an error means for the user, or undefined when it is none of signing in and out.
 *
 * 403: the user or the provider declined. 400: an answer that cannot be trusted. 502: the provider refused
 * what this app asked of it. 503: a server is down.
 *
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#AuthError OIDC Core §3.1.2.6}
 */
export async function readProblem(error: unknown): Promise<Problem | undefined> {
  if (error instanceof ProblemError) return error.problem
  if (error instanceof SignInFailed) {
    const problem = await readProblem(error.cause)
    if (problem === undefined || problem.action === home) return problem
    return { ...problem, action: { ...problem.action, href: error.returnTo } }
  }
  if (error instanceof AuthorizationResponseError) return readAuthorizationError(error)
  if (error instanceof ProviderUnavailable || isOutage(error)) return unavailable

  const refusal = await findRefusal(error)
  if (refusal !== undefined)
    return {
      ...(refusal.error === 'invalid_client' ? unauthenticated : refused),
      detail: refusal.text,
    }
  if (!(error instanceof ClientError)) return undefined
  const isOfTime = error.code === 'OAUTH_JWT_TIMESTAMP_CHECK_FAILED'
  return { ...(isOfTime ? untimely : untrusted), detail: readReason(error) }
}

const action = { text: 'Start again', href: '/' }
/** For what no user can cure by going there again. */
const home = { text: 'Home', href: '/' }

const unavailable: Problem = {
  status: 503,
  title: 'The token service cannot be reached',
  message: 'It is down, or too busy to answer. Try again in a moment.',
  action: { ...action, text: 'Try again' },
}

const refused: Problem = {
  status: 502,
  title: 'The token service refused',
  message:
    'It did not accept what this application asked of it. What it was asked with may have expired.',
  action,
}

/** To start again would end here again. */
const unauthenticated: Problem = {
  status: 502,
  title: 'The token service refused this application',
  message:
    'The credentials that this application sent are wrong. Whoever runs it has to compare its client id ' +
    'and its secret or key with its registration at the token service; with a key, the clocks too.',
  action: home,
}

/** An answer in the provider's name that fails a check. */
export const untrusted: Problem = {
  status: 400,
  title: 'The answer cannot be trusted',
  message:
    'An answer in the name of the token service failed a check, so nobody was signed in by it.',
  action,
}

const untimely: Problem = {
  ...untrusted,
  message:
    'A token of the token service is not valid at this time, so nobody was signed in by it. Do the clocks ' +
    'of this application and of the token service differ?',
}

function readAuthorizationError({ error, error_description }: AuthorizationResponseError): Problem {
  const detail = [error, error_description].filter((part) => part !== undefined).join(': ')
  if (error === 'access_denied')
    return {
      status: 403,
      title: 'You are not signed in',
      message: 'The sign-in was cancelled, or access was denied.',
      detail,
      action,
    }
  return {
    status: 400,
    title: 'You are not signed in',
    message: 'The token service could not sign you in.',
    detail,
    action,
  }
}

/** `fetch` rejects with a TypeError; openid-client reports a timeout or a status of 5xx as errors of its own. */
function isOutage(error: unknown): boolean {
  if (error instanceof TypeError) return error.message === 'fetch failed'
  if (!(error instanceof ClientError)) return false
  if (error.code === 'OAUTH_TIMEOUT') return true
  return (
    error.cause instanceof Response && (error.cause.status >= 500 || error.cause.status === 429)
  )
}

/** The inner message names the check. It never holds the value that failed it. */
function readReason(error: ClientError): string {
  return error.cause instanceof Error ? error.cause.message : error.message
}
