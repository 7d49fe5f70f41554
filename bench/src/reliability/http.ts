import assert from 'node:assert/strict'

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: string
}

export type Form = Readonly<Record<string, string>>

/** What a client of the token service has in hand: requests to it, each answered within 10 s or failed. */
export interface Http {
  readonly url: string
  request(path: string, init?: RequestInit): Promise<Answer>
  /** Sends a form, as the client `client_id` with the secret that all have, unless it is undefined. */
  post(path: string, form: Form, client_id?: string): Promise<Answer>
}

/** A request got no answer, so whoever sent it does not know what came of it. */
export class Unanswered extends Error {}

/** Milliseconds after which a server counts as hanging. */
const patience = 10_000

/** @param onAnswer is told of each answer, how many milliseconds it took */
export function createHttp(url: string, onAnswer: (duration: number) => void = () => {}): Http {
  async function request(path: string, init: RequestInit = {}): Promise<Answer> {
    const signal = AbortSignal.timeout(patience)
    const started = performance.now()
    try {
      const response = await fetch(url + path, { ...init, signal, redirect: 'manual' })
      const body = await response.text()
      onAnswer(performance.now() - started)
      return { status: response.status, headers: response.headers, body }
    } catch (error) {
      throw new Unanswered(`${path} got no answer`, { cause: error })
    }
  }

  return {
    url,
    request,
    post: (path, form, client_id) =>
      request(path, {
        method: 'POST',
        body: new URLSearchParams(form),
        ...(client_id !== undefined && {
          headers: { Authorization: `Basic ${btoa(`${client_id}:secret`)}` },
        }),
      }),
  }
}

/** The members of a JSON answer, which are text wherever one is looked at here. */
export function readJson({ status, body }: Answer, expected = 200): Record<string, string> {
  assert.equal(status, expected, body)
  return JSON.parse(body)
}

/** Asserts that a request was answered with 200. */
export function requireOk({ status, body }: Answer): void {
  assert.equal(status, 200, body)
}
