import { page, scenarios, servers, urls } from '@basics/sample-kit'
import type { RequestHandler } from 'express'

import { tour } from './tour.ts'

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
      stops: scenarios.map((scenario) => ({ ...scenario, ...tour[scenario.name] })),
    },
  })
  res.send(html)
}
