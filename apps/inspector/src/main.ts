/**
 * The inspector: a sequence diagram of what the samples say to each other, drawn as they say it. The
 * programs know nothing of it; a recorder is loaded into them (`node --import @basics/inspector/record`).
 */
import { assets, listen, refuseToStart, urls } from '@basics/sample-kit'
import express from 'express'

import { inspector } from './inspector.ts'

if (process.env.NODE_ENV === 'production')
  refuseToStart('The inspector shows secrets and does not run with NODE_ENV=production')

const { routes, end } = inspector()

const app = express()
app.use(assets, routes)

listen(app, urls.inspector)

// A page that is watching would hold the server open.
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, end)
// Started beside another program, it ends with that, whatever ends it.
process.once('disconnect', () => process.exit(0))
