import { serverAt, urls } from './urls.ts'

/** What errors of `fetch` and openid-client carry beyond a message. */
interface Clues {
  readonly code?: unknown
  readonly error?: unknown
  readonly error_description?: unknown
  readonly status?: unknown
  readonly response?: unknown
  readonly cause?: unknown
}

/**
 * One sentence for whoever runs the program: what failed, where, and what to do about it when that is
 * known. Understands the errors of `fetch` (by the system's error code), those of openid-client (by
 * their members, so that it need not be loaded here) and any other error by its message.
 */
export async function describeError(error: unknown): Promise<string> {
  if (!(error instanceof Error)) return printable(String(error))
  return printable(
    describeConnectionError(error) ?? (await describeRefusal(error)) ?? joinMessages(error),
  )
}

/** What a server answered in place of what it was asked for, with the error code it gave. */
export async function describeResponse(response: Response): Promise<string> {
  const { error, error_description } = await readError(response)
  const reason = [error, error_description].filter(Boolean).join(': ')
  const retryAfter = response.headers.get('retry-after')
  const retry = retryAfter === null ? '' : ` (try again in ${retryAfter} s)`
  return printable(
    `${response.url} answered ${response.status}${reason === '' ? '' : `, ${reason}`}${retry}`,
  )
}

/** The sentence for a server that cannot be reached. */
export function describeUnreachable(url: string): string {
  const server = serverAt(url)
  return server === undefined
    ? `nothing answers at ${url}: is it running, and is the address right?`
    : `nothing answers at ${url}: is ${server.app} running? npm start, in the folder of the samples, runs it`
}

function describeConnectionError(error: Error & Clues): string | undefined {
  const cause = (error.cause ?? error) as ConnectionError
  const code = cause.code ?? error.code
  switch (code) {
    case 'ECONNREFUSED':
      return describeUnreachable(readAddress(cause))
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `the host name ${cause.hostname} cannot be resolved: is the address right?`
    case 'ECONNRESET':
    case 'UND_ERR_SOCKET':
      return `the server closed the connection without an answer (${code})`
  }
  const timedOut = error.name === 'TimeoutError' || /TIMEDOUT|TIMEOUT$/.test(String(code))
  return timedOut ? 'a server did not answer in time: is it overloaded or stopped?' : undefined
}

interface ConnectionError {
  readonly code?: unknown
  readonly hostname?: string
  readonly address?: string
  readonly port?: number
  /** One for each address of a host name that has several. */
  readonly errors?: readonly ConnectionError[]
}

/** The URL of the sample that listens on a refused port, else the bare address. */
function readAddress(cause: ConnectionError): string {
  const { address, port } = cause.errors?.[0] ?? cause
  const known = Object.values(urls).find((url) => url === `http://localhost:${port}`)
  return known ?? `${address}:${port}`
}

async function describeRefusal(error: Error & Clues): Promise<string | undefined> {
  const response = [error.response, error.cause].find((value) => value instanceof Response)
  if (response === undefined) return undefined
  if (typeof error.error !== 'string') return describeResponse(response)
  const description = error.error_description ? `: ${error.error_description}` : ''
  return `${response.url} answered ${response.status}, ${error.error}${description}`
}

/**
 * The error in a response: in the body of an OAuth endpoint, in the challenge of an API.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-5.2 RFC 6749 §5.2}
 * @see {@link https://www.rfc-editor.org/rfc/rfc6750.html#section-3 RFC 6750 §3}
 */
async function readError(
  response: Response,
): Promise<{ error?: unknown; error_description?: unknown }> {
  const body: unknown = await response.json().catch(() => undefined)
  if (typeof body === 'object' && body !== null && 'error' in body) return body
  const challenge = response.headers.get('www-authenticate') ?? ''
  return {
    error: /\berror="([^"]*)"/.exec(challenge)?.[1],
    error_description: /\berror_description="([^"]*)"/.exec(challenge)?.[1],
  }
}

/** The chain of causes, for the outermost message of a library seldom says what was wrong. */
function joinMessages(error: Error): string {
  const messages = [error.message]
  for (let cause = error.cause; cause !== undefined; cause = (cause as Clues).cause) {
    if (!(cause instanceof Error)) {
      messages.push(describeMismatch(cause))
      break
    }
    messages.push(cause.message)
  }
  return [...new Set(messages)].filter((message) => message !== '').join(': ')
}

/** openid-client names an attribute that is not as expected: an issuer, most often. */
function describeMismatch(cause: unknown): string {
  const { expected, attribute, body } = (cause ?? {}) as {
    expected?: unknown
    attribute?: string
    body?: Record<string, unknown>
  }
  if (attribute === undefined) return ''
  return `${attribute} is ${JSON.stringify(body?.[attribute])}, expected ${JSON.stringify(expected)}`
}

/** Text from another machine must not steer the terminal it is printed on. */
function printable(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ')
}
