import { scenarios, servers } from '@basics/sample-kit'
import { json, type RequestHandler, Router, static as serveFiles } from 'express'

import { assignScenarios } from './browser/assign-scenarios.js'
import { toMermaid } from './browser/mermaid.js'
import { eventStream } from './event-stream.ts'
import { type Explanation, explainExchange } from './explain/explain-exchange.ts'
import { type CheckSignature, signatureChecks } from './explain/signature.ts'
import { requireLocal, requireOwnPage, requireProgram } from './local-only.ts'
import { inspectorPage } from './page.ts'
import { inspectorGreeting } from './recorder/deliver.ts'
import { type ExchangeHistory, exchangeHistory } from './traffic/exchange-history.ts'
import { createHar } from './traffic/har.ts'
import { readRecordings } from './traffic/read-recordings.ts'
import { summarize } from './traffic/summary.ts'

const securityHeaders = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'",
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
}

/** What the page shows of one exchange: each half explained, and the address that was asked for. */
export interface ExchangeDetails extends Explanation {
  readonly url: string
}

const scenarioNames = scenarios.map(({ name }) => name)
const serverNames = servers.map(({ name }) => name)

/**
 * The inspector: takes what recorders send, keeps it in memory, and shows it to who sits at this machine.
 *
 * @returns Its routes, and `end`, which lets go of the pages that are watching.
 */
export function inspector(
  history: ExchangeHistory = exchangeHistory(),
  checkSignature: CheckSignature = signatureChecks(),
) {
  const events = eventStream(history)
  const routes = Router()
  routes.use(requireLocal, (_req, res, next) => {
    res.set(securityHeaders)
    next()
  })

  routes.get('/', inspectorPage)
  // And not the tests beside them.
  const browserFiles = /^\/browser\/[\w-]+\.(css|js)$/
  routes.get(browserFiles, serveFiles(import.meta.dirname, { cacheControl: false }))
  routes.post('/record', requireProgram, json({ limit: '8mb' }), record(history))
  routes.get('/events', requireOwnPage, events.handler)
  routes.post('/clear', requireOwnPage, (_req, res) => {
    history.clear()
    res.status(204).end()
  })

  routes.get('/exchanges/:id', requireOwnPage, async (req, res) => {
    const exchange = history.find(Number(req.params.id))
    if (exchange === undefined) res.status(404).json({ error: 'it was cleared, or is too old' })
    else {
      const explanation = await explainExchange(exchange, checkSignature)
      res.json({ ...explanation, url: exchange.url } satisfies ExchangeDetails)
    }
  })

  routes.get('/export.har', requireOwnPage, (req, res) => {
    res.attachment('traffic.har')
    res.json(createHar(select(history, req.query.scenario)))
  })

  routes.get('/export.mmd', requireOwnPage, (req, res) => {
    const summaries = select(history, req.query.scenario).map(summarize)
    res.attachment('traffic.mmd').type('text/plain').send(toMermaid(summaries, serverNames))
  })
  return { routes, end: events.end }
}

function record(history: ExchangeHistory): RequestHandler {
  return (req, res) => {
    try {
      for (const recording of readRecordings(req.body)) history.add(recording)
      res.json(inspectorGreeting)
    } catch (error) {
      if (!(error instanceof TypeError)) throw error
      res.status(400).json({ error: error.message })
    }
  }
}

/** All exchanges in the order they began in, or those of one scenario. */
function select(history: ExchangeHistory, scenario: unknown) {
  const all = history.all().toSorted((a, b) => a.startedAt - b.startedAt)
  if (typeof scenario !== 'string' || scenario === '') return all
  const assigned = assignScenarios(all.map(summarize), scenarioNames)
  return all.filter(({ id }) => assigned.get(id) === scenario)
}
