/**
 * One page two ways, each a program that runs in the browser alone: with the implicit flow, which is legacy,
 * and with the code flow and PKCE, which has replaced it. This server only hands out the files; all that is
 * special is in src/browser/.
 *
 * Their registrations: apps/identity-server/src/clients/spa-implicit.ts
 *
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#ImplicitFlowAuth OIDC Core §3.2}
 * @see {@link https://www.rfc-editor.org/rfc/rfc9700.html#section-2.1.2 RFC 9700 §2.1.2}
 */
import { fileURLToPath } from 'node:url'

import { assets, issuer, listen, page, securityHeaders, urls } from '@basics/sample-kit'
import express from 'express'

const nav = [
  { text: 'Home', href: '/' },
  { text: 'Implicit flow', href: '/implicit' },
  { text: 'Code flow', href: '/code' },
]

function renderPage(name: string, title: string): string {
  const template = new URL(`pages/${name}.eta`, import.meta.url)
  return page({ title, brand: 'spa-implicit', nav, template, model: {} })
}

const app = express()

// Scripts of this server alone may run here, and speak with nobody but the token service and the API. What
// else finds its way into the page can neither run nor carry a token away.
const { origin: tokenService } = new URL(issuer)
const allowed = [
  "script-src 'self'",
  `connect-src ${tokenService} ${urls.simpleApi}`,
  `frame-src ${tokenService}`,
]
app.use(securityHeaders(urls.spaImplicit, allowed), assets)

app.get('/', (_req, res) => {
  res.send(renderPage('home', 'Home'))
})

// Each page is its own redirect URI.
app.get('/implicit', (_req, res) => {
  res.send(renderPage('implicit', 'Implicit flow'))
})

app.get('/code', (_req, res) => {
  res.set('Cache-Control', 'no-store')
  res.send(renderPage('code', 'Code flow'))
})

// What differs from one machine to another. A program of yours may have it as two constants.
app.get('/settings.js', (_req, res) => {
  const settings = { issuer, api: urls.simpleApi }
  res.type('js').send(`export const settings = ${JSON.stringify(settings)}\n`)
})

// The folder has also what the type checker needs, which is nobody else's business.
app.get('/:name.js', express.static(fileURLToPath(new URL('browser', import.meta.url))))
app.use('/jose', express.static(fileURLToPath(new URL('.', import.meta.resolve('jose')))))

app.use((_req, res) => {
  res.status(404).send(renderPage('not-found', 'There is no such page'))
})

listen(app, urls.spaImplicit)
