/**
 * A protected resource with a name of its own, resource1: it accepts only the tokens issued for it. They
 * may be JWTs, which it checks by itself, or reference tokens, which it asks the token service about.
 *
 * Its registration: apps/identity-server/src/resources.ts
 */
import { claimList, resourceServer } from '@basics/resource-server'
import { issuer, listen, urls } from '@basics/sample-kit'
import express from 'express'

const api = resourceServer({
  issuer,
  audience: 'resource1',
  introspection: {
    // The API has credentials of its own: only who a token is meant for may ask what it says.
    clientId: 'resource1',
    clientSecret: process.env.RESOURCE_API_SECRET || 'secret',
  },
})

const app = express()

// From here on there is a valid access token: anyone else has got 401 and the reason.
app.use(api.required)

app.get('/identity', (req, res) => {
  res.json(claimList(api.claims(req)))
})

listen(app, urls.resourceApi, { ready: api.ready })
