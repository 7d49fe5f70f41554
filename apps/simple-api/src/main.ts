/**
 * An API that accepts any access token of the token service and answers with the token's claims, so
 * that a client sees what the API learns of it.
 */
import { claimList, resourceServer } from '@basics/resource-server'
import { issuer, listen, urls } from '@basics/sample-kit'
import cors from 'cors'
import express from 'express'

const api = resourceServer({ issuer })

const app = express()

// Scripts of one site may call this API. Their preflight carries no token, so this comes before the check.
app.use(
  cors({
    origin: [urls.spaImplicit],
    methods: ['GET'],
    allowedHeaders: ['Authorization'],
    exposedHeaders: ['WWW-Authenticate'],
    maxAge: 600,
  }),
)

// From here on there is a valid access token: anyone else has got 401 and the reason.
app.use(api.required)

// An API of your own would ask for a scope too: app.get('/orders', api.requireScope('orders.read'), …)
app.get('/identity', (req, res) => {
  res.json(claimList(api.claims(req)))
})

listen(app, urls.simpleApi, { ready: api.ready })
