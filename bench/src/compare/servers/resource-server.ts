/** An API behind our resource-server, for tokens of the issuer in `BENCH_ISSUER`. */
import { resourceServer } from '@basics/resource-server'
import express from 'express'

import { api } from '../registrations.ts'
import { sendIdentity } from './identity.ts'
import { serve } from './serve.ts'

await serve(() => {
  const { required, claims } = resourceServer({
    issuer: process.env.BENCH_ISSUER ?? '',
    audience: api,
  })
  const app = express().disable('x-powered-by')
  app.get('/health', (_req, res) => void res.send('ok'))
  app.get('/identity', required, (req, res) => sendIdentity(res, claims(req).sub))
  return { listener: app }
})
