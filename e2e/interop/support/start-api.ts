import type { TestContext } from 'node:test'

import express, { type Request, type RequestHandler } from 'express'

import { listening } from './listening.ts'

/**
 * An API behind the handlers that check access tokens.
 *
 * @param read What it answers whom they let in.
 * @returns a call of it with a token, which gives the status and the answer
 */
export async function startApi(
  t: TestContext,
  checks: readonly RequestHandler[],
  read: (req: Request) => unknown = () => ({}),
) {
  const app = express()
  // Elsewhere Express prints what it refuses.
  app.set('env', 'test')
  app.get('/', ...checks, (req, res) => {
    res.json(read(req))
  })
  const { url } = await listening(t, app)

  return async (token: string) => {
    const response = await fetch(url, { headers: { Authorization: `Bearer ${token}` } })
    const { status } = response
    return { status, answer: status === 200 ? await response.json() : await response.text() }
  }
}
