import type { TestContext } from 'node:test'
import express from 'express'

import type { IssuerUnavailable } from '../src/issuer-unavailable.ts'
import { type ResourceServerOptions, resourceServer } from '../src/resource-server.ts'
import { startTime } from './fake-issuer.ts'
import { listening } from './listening.ts'

/**
 * Starts an API with three routes: `/identity` wants a token, `/scope1` and `/scope2` want its scope.
 * Time stands still but for what the test adds to `clock.now`.
 */
export async function startApi(t: TestContext, options: ResourceServerOptions) {
  const clock = { now: startTime }
  const reported: IssuerUnavailable[] = []
  const api = resourceServer({
    now: () => clock.now,
    onUnavailable: (error) => reported.push(error),
    ...options,
  })

  const app = express()
  app.get('/scope1', api.requireScope('scope1'), (req, res) => {
    res.json(api.claims(req))
  })
  app.use(api.required)
  app.get('/identity', (req, res) => {
    res.json(api.claims(req))
  })
  app.get('/scope2', api.requireScope('scope1 scope2'), (_req, res) => {
    res.json({})
  })
  const url = await listening(t, app)

  /** Calls the API with a token, or with another `Authorization` header, or without one. */
  const call = (token?: string, path = '/identity') =>
    callWith(token === undefined ? {} : { Authorization: `Bearer ${token}` }, path)
  const callWith = (headers: Record<string, string>, path = '/identity') =>
    fetch(`${url}${path}`, { headers })

  return { url, call, callWith, clock, reported, ready: api.ready }
}
