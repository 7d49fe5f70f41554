import { styleText } from 'node:util'

import { describeError, describeResponse } from './describe-error.ts'
import { whenOrphaned } from './when-orphaned.ts'

/**
 * Runs a console scenario. An error ends it with one sentence on stderr and exit code 1; with `DEBUG`
 * set in the environment its stack follows.
 */
export function run(main: () => Promise<void>): void {
  // One that comes to its end by itself listens to no signal, and to this neither.
  whenOrphaned(() => process.emit('SIGTERM'))
  main().catch(async (error: unknown) => {
    const sentence = styleText('red', await describeError(error), { stream: process.stderr })
    if (process.env.DEBUG) console.error(error)
    // Exits only once the sentence is out, and at once: a worker's timers would keep it alive.
    process.stderr.write(`${sentence}\n`, () => process.exit(1))
  })
}

/** Prints a heading: green on a terminal, plain in a file or when `NO_COLOR` is set. */
export function heading(text: string): void {
  console.log(`\n${styleText('green', `${text}:`, { stream: process.stdout })}`)
}

/** Prints a value as JSON, which shows control characters in escaped form. */
export function printJson(title: string, value: unknown): void {
  heading(title)
  console.log(JSON.stringify(value, null, 2))
}

/**
 * Prints a token response, and the access token decoded when it is a JWT. These are samples: a program
 * in production must neither print a token nor look inside, since only its API knows the format.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-5.1 RFC 6749 §5.1}
 */
export function printTokenResponse(tokens: { readonly access_token: string }): void {
  printJson('Token response', tokens)
  if (tokens.access_token.includes('.')) printJwt('Access token (decoded)', tokens.access_token)
}

/**
 * Prints the header and the payload of a signed JWT, unverified. Says so when the text is none.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc7519.html#section-3 RFC 7519 §3}
 */
export function printJwt(title: string, jwt: string): void {
  heading(title)
  try {
    for (const part of jwt.split('.').slice(0, 2)) {
      const json: unknown = JSON.parse(Buffer.from(part, 'base64url').toString())
      console.log(JSON.stringify(json, null, 2))
    }
  } catch {
    console.log('It has dots but is no signed JWT.')
  }
}

/**
 * The JSON an API answers with.
 *
 * @throws Error with a sentence for a person when the status is not 2xx or the body is no JSON; it holds
 * the code and the description that the API gave.
 */
export async function readJson(response: Response): Promise<unknown> {
  if (!response.ok) throw new Error(await describeResponse(response))
  try {
    return await response.json()
  } catch {
    throw new Error(`${response.url} answered ${response.status} with a body that is no JSON`)
  }
}
