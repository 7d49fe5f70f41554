import type { IncomingMessage } from 'node:http'

import { type FormParameters, OAuthError, readForm } from '@basics/protocol'

import { readMediaType } from './media-type.ts'

/** Above the 51,200 characters that a client assertion may have. */
const maximumBody = 64 * 1024

const formType = 'application/x-www-form-urlencoded'

/**
 * Reads the parameters of a POST with a form body.
 *
 * @throws {OAuthError} `invalid_request` for another method or media type, no body, a body that is
 *   longer than 64 KiB, compressed or broken off, and whatever `readForm` refuses.
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-3.2 RFC 6749 §3.2}
 */
export async function readFormBody(req: IncomingMessage): Promise<FormParameters> {
  const encoding = req.headers['content-encoding'] ?? 'identity'
  if (req.method !== 'POST') throw invalid(`the method is ${req.method}; use POST`)
  if (readMediaType(req.headers['content-type']) !== formType)
    throw invalid(`the body is not ${formType}`)
  if (encoding !== 'identity') throw invalid(`the body is encoded as ${encoding}; send it plainly`)
  if (Number(req.headers['content-length'] ?? 0) > maximumBody) throw tooLong()
  if (req.readableDidRead) throw new Error('mount the token service before any body parser')
  return readForm(await readText(req))
}

/**
 * As {@link readFormBody}, where there need not be a form: a GET, or a POST without a body.
 *
 * @throws {OAuthError} `invalid_request`
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#UserInfoRequest OIDC Core §5.3.1}
 */
export async function readOptionalFormBody(req: IncomingMessage): Promise<FormParameters> {
  const { method, headers } = req
  const hasForm = method === 'POST' && headers['content-type'] !== undefined
  return hasForm || !['GET', 'POST'].includes(method ?? '') ? readFormBody(req) : {}
}

/** By events: an iterator of the stream costs more than all the rest that reads a form. */
function readText(req: IncomingMessage): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const chunks: Buffer[] = []
  let length = 0
  req.on('data', (chunk: Buffer) => {
    length += chunk.length
    if (length > maximumBody) {
      req.pause()
      reject(tooLong())
    } else chunks.push(chunk)
  })
  req.on('end', () => resolve(Buffer.concat(chunks).toString()))
  req.on('error', (cause) => {
    reject(new OAuthError('invalid_request', 'the body broke off', { cause }))
  })
  return promise
}

function tooLong(): OAuthError {
  return invalid(`the body is longer than ${maximumBody} bytes`)
}

function invalid(description: string): OAuthError {
  return new OAuthError('invalid_request', description)
}
