import type { ErrorContext, Explanation } from '@basics/openid-provider'
import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express'

import { readQuery } from './form.ts'
import type { PageContext } from './page-context.ts'
import { paths } from './paths.ts'
import { sendPage } from './send-page.ts'

/** What an error means to a person. The codes are of RFC 6749 §4.1.2.1 and its extensions. */
const sentences = new Map([
  ['invalid_request', 'The application sent a request that is incomplete or contradicts itself.'],
  ['unauthorized_client', 'The application is not known here, or may not sign users in this way.'],
  ['access_denied', 'The application was not given the access it asked for.'],
  ['unsupported_response_type', 'The application asked for an answer of a kind it may not have.'],
  ['invalid_scope', 'The application asked for access that does not exist or is not for it.'],
  ['invalid_target', 'The application asked for access to an API that is not known here.'],
  [
    'invalid_request_uri',
    'The request that the application had left here has expired or was used before.',
  ],
  ['invalid_request_object', 'The application sent a signed request that is not valid.'],
  ['server_error', 'Something went wrong on our side.'],
  [
    'temporarily_unavailable',
    'Signing in is not possible right now. Please try again in a few minutes.',
  ],
])

/** What it means where the code alone says too little. */
const explanations: Readonly<Record<Explanation['reason'], string>> = {
  unregistered_redirect_uri:
    'The application wanted the answer at an address that is not registered for it.',
  wrong_time:
    'The application’s signed request is not valid at this time: it has expired, or the clocks differ.',
}

const unknown = 'Something about the request is not right.'

/**
 * Tells a person what went wrong with a request that cannot be answered to its client.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-4.1.2.1 RFC 6749 §4.1.2.1}
 */
export function errorPage(context: PageContext): RequestHandler {
  return async (req, res) => {
    const error = await context.interaction.getErrorContext(readQuery(req, 'errorId'))
    if (error === undefined) {
      await send(req, res, context, 404, {
        sentence: 'The error that was to be shown here is no longer kept.',
      })
      return
    }
    await send(req, res, context, 400, {
      sentence: readSentence(error),
      code: error.error,
      requestId: error.requestId,
      ...(context.showDetails && {
        ...readDetails(error),
        clientId: error.clientId,
      }),
    })
  }
}

function readSentence({ error, explanation }: ErrorContext): string {
  return explanation ? explanations[explanation.reason] : (sentences.get(error) ?? unknown)
}

/** What the engine hands on at most. Where it is as much, there may be more, and the page says so. */
const bounds = { requested: 400, registered: 10 }

function readDetails({ explanation, errorDescription }: ErrorContext) {
  if (explanation?.reason !== 'unregistered_redirect_uri') return { details: errorDescription }
  const { requested, registered } = explanation
  const addresses: Addresses = {
    requested,
    registered,
    isLong: requested.length >= bounds.requested,
    areMany: registered.length >= bounds.registered,
  }
  return { addresses }
}

/**
 * Refuses to be sent where neither the engine nor this site vouches for.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc9700.html#section-4.11.2 RFC 9700 §4.11.2}
 */
export async function sendReturnUrlError(req: Request, res: Response, context: PageContext) {
  await send(req, res, context, 400, {
    sentence:
      'The link that brought you here leads nowhere safe: the request behind it has expired, or the address was changed.',
  })
}

/** The last of the pages: there is none at this address. */
export function notFoundPage(context: PageContext): RequestHandler {
  return (req, res) =>
    send(req, res, context, 404, { sentence: 'There is no such page.', home: paths.home })
}

/**
 * A form whose body cannot be read is answered with the status that says why, such as 413 for one that is
 * too long. All other errors are passed on.
 */
export function unreadableFormPage(context: PageContext): ErrorRequestHandler {
  return async (error, req, res, next) => {
    const { expose, status } = Object(error) as { expose?: unknown; status?: unknown }
    const isOfForm = expose === true && Number(status) >= 400 && Number(status) < 500
    if (!isOfForm || res.headersSent) return next(error)
    await send(req, res, context, Number(status), {
      sentence:
        'The form could not be read: it is too long, or in a form that is not accepted here.',
    })
  }
}

/** The redirect URI that came, and those that may come. Shown as text: none is a link. */
interface Addresses {
  readonly requested: string
  readonly registered: readonly string[]
  /** Whether the requested one may be only its first 400 characters. */
  readonly isLong: boolean
  /** Whether more than these ten may be registered. */
  readonly areMany: boolean
}

interface ErrorModel {
  readonly sentence: string
  /** Where to go on, when no application waits. */
  readonly home?: string
  readonly code?: string
  readonly requestId?: string
  readonly details?: string
  readonly clientId?: string | undefined
  readonly addresses?: Addresses
}

async function send(
  req: Request,
  res: Response,
  { findViewer }: PageContext,
  status: number,
  model: ErrorModel,
) {
  const template = new URL('./error.eta', import.meta.url)
  sendPage(req, res, { title: 'Error', template, model, status, viewer: await findViewer(req) })
}
