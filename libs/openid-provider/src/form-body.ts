import { isUtf8 } from 'node:buffer'
import type { IncomingMessage } from 'node:http'

import { type FormParameters, OAuthError, readForm } from '@basics/protocol'

import { readMediaType } from './media-type.ts'
import { MethodNotAllowed } from './method-not-allowed.ts'

/** Above the 51,200 characters that a client assertion may have. */
const maximumBody = 64 * 1024

/**
 * Bytes that are read, and dropped, behind a refusal. Closing at once could reset the connection before a
 * client that is still sending has the answer; reading for ever would keep us busy for nothing.
 */
const maximumRest = 1024 * 1024

const formType = 'application/x-www-form-urlencoded'

/**
 * Reads the parameters of a POST with a form body. What is left of a body that is refused is dropped, so
 * that its connection can be used again; it is closed when too much is left.
 *
 * @throws {OAuthError} `invalid_request`: with 405 for another method, 415 for another media type and a body that is
 *   compressed, 413 for one that is longer than 64 KiB, and 400 for one that is broken off or not UTF-8, and for
 *   whatever `readForm` refuses.
 * @throws {Error} when the host has read or decoded the body before.
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-3.2 RFC 6749 §3.2}
 * @see {@link https://www.rfc-editor.org/rfc/rfc9126.html#section-2.3 RFC 9126 §2.3}
 * @see {@link https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5 RFC 9110 §15.5}
 */
export async function readFormBody(req: IncomingMessage): Promise<FormParameters> {
  try {
    requireForm(req)
    const body = join(await readChunks(req))
    if (!isUtf8(body)) throw invalid('the body is not UTF-8')
    return readForm(body.toString())
  } catch (error) {
    if (!req.complete) dropRest(req)
    throw error
  }
}

/**
 * As {@link readFormBody}, where there need not be a form: a GET, or a POST without a body.
 *
 * @throws {OAuthError} `invalid_request`
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#UserInfoRequest OIDC Core §5.3.1}
 */
export async function readOptionalFormBody(req: IncomingMessage): Promise<FormParameters> {
  const { method, headers } = req
  if (method === 'POST' && headers['content-type'] !== undefined) return readFormBody(req)
  if (method === 'GET' || method === 'POST') return {}
  dropRest(req)
  throw new MethodNotAllowed(method, ['GET', 'POST'])
}

function requireForm(req: IncomingMessage): void {
  const { 'content-encoding': encoding = 'identity' } = req.headers
  if (req.method !== 'POST') throw new MethodNotAllowed(req.method, ['POST'])
  if (readMediaType(req.headers['content-type']) !== formType)
    throw invalid(`the body is not ${formType}`, 415)
  if (encoding.toLowerCase() !== 'identity')
    throw invalid(`the body is encoded as ${encoding}; send it plainly`, 415)
  if (Number(req.headers['content-length'] ?? 0) > maximumBody) throw tooLong()
  // Of a body without a byte nothing has been read when it is over.
  if (req.readableDidRead || req.readableEnded || req.readableEncoding !== null)
    throw new Error('mount the token service before any body parser: this body is read or decoded')
}

/**
 * By events: an iterator of the stream costs more than all the rest that reads a form. Nothing in them may
 * throw, since nobody would catch it.
 */
function readChunks(req: IncomingMessage): Promise<Buffer[]> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer[]>()
  const chunks: Buffer[] = []
  let length = 0
  function collect(chunk: Buffer): void {
    length += chunk.length
    if (length <= maximumBody) chunks.push(chunk)
    else {
      // One error is enough, however many chunks come.
      req.off('data', collect)
      reject(tooLong())
    }
  }
  // Its events are over when the client went away while something else was awaited.
  if (req.destroyed) reject(brokenOff(req))
  req.on('data', collect)
  req.on('end', () => resolve(chunks))
  // Comes behind everything, and alone when the host ends the request.
  req.on('close', () => {
    if (!req.readableEnded) reject(brokenOff(req))
  })
  return promise
}

/** Most bodies come in one piece, which need not be copied. */
function join(chunks: readonly Buffer[]): Buffer {
  const [only] = chunks
  return only !== undefined && chunks.length === 1 ? only : Buffer.concat(chunks)
}

/** For how long it may come is for the server to say, by its `requestTimeout`. */
function dropRest(req: IncomingMessage): void {
  let length = 0
  req.on('data', (chunk: Buffer) => {
    length += chunk.length
    if (length > maximumRest) req.destroy()
  })
}

function tooLong(): OAuthError {
  return invalid(`the body is longer than ${maximumBody} bytes`, 413)
}

function brokenOff({ errored: cause }: IncomingMessage): OAuthError {
  return new OAuthError('invalid_request', 'the body broke off', { cause })
}

function invalid(description: string, status = 400): OAuthError {
  return new OAuthError('invalid_request', description, { status })
}
