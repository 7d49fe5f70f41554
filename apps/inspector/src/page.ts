import { page, scenarios, servers, urls } from '@basics/sample-kit'
import type { RequestHandler } from 'express'

import { type TourStop, tour } from './tour.ts'

/** The page of the inspector: the diagram, which draws itself, and the tour through the scenarios. */
export const inspectorPage: RequestHandler = (_req, res) => {
  const html = page({
    title: 'Traffic',
    brand: 'inspector',
    nav: [
      { text: 'Diagram', href: '#diagram' },
      { text: 'Tour', href: '#tour' },
      { text: 'Token service', href: urls.identityServer },
    ],
    template: new URL('./page.eta', import.meta.url),
    model: {
      scenarios,
      servers: servers.map(({ name }) => name),
      stops: scenarios.map((scenario) => ({ ...scenario, steps: describe(tour[scenario.name]) })),
    },
  })
  res.send(html)
}

function describe(stop: TourStop | undefined) {
  if (stop === undefined) return []
  const steps = { Watch: stop.watch, 'Break it:': stop.breakIt, Then: stop.see }
  return Object.entries(steps).map(([name, text]) => ({ name, parts: splitCode(text) }))
}

/** Text and code by turns: code is between backticks, as in Markdown. */
function splitCode(text: string) {
  return text.split('`').map((part, index) => ({ text: part, isCode: index % 2 === 1 }))
}
