/** The same API behind express-oauth2-jwt-bearer. */
import express from 'express'
import { auth } from 'express-oauth2-jwt-bearer'

import { api } from '../registrations.ts'
import { sendIdentity } from './identity.ts'
import { serve } from './serve.ts'

await serve(() => {
  const issuer = process.env.BENCH_ISSUER ?? ''
  // Told where the keys are: by discovery it takes no access token that an ID Token's alg has not signed.
  const jwksUri = `${issuer}/.well-known/openid-configuration/jwks`
  const required = auth({ issuer, jwksUri, audience: api })
  const app = express().disable('x-powered-by')
  app.get('/health', (_req, res) => void res.send('ok'))
  app.get('/identity', required, (req, res) => sendIdentity(res, req.auth?.payload.sub))
  return { listener: app }
})
