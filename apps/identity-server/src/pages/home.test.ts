import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { describe, it, type TestContext } from 'node:test'

import { scenarios, servers } from '@basics/sample-kit'
import express, { type Express } from 'express'
import { startPages } from '../../test-support/start-pages.ts'
import { homePage } from './home.ts'

async function serve(t: TestContext, app: Express): Promise<string> {
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => server.close())
  t.after(() => server.closeAllConnections())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** Whether other servers run here is not known, so both must do. */
async function openHome(t: TestContext): Promise<string> {
  const { get } = await startPages(t, {
    issuer: 'https://login.example.com/',
    testUsers: [{ username: 'alice', password: '<alice>' }],
  })
  return (await get('/')).text()
}

describe('home page', () => {
  it('lists each scenario with its sentence, its command and its state', async (t) => {
    const html = await openHome(t)

    for (const { name, sentence } of scenarios) {
      const card = html.split(`data-scenario="${name}"`)[1]?.split('</li>')[0] ?? ''
      assert.match(card, /class="state[^"]*">(servers running|running|not running)/, name)
      assert.ok(card.includes(sentence), name)
      assert.ok(card.includes(`<code>npx nx serve ${name}</code>`), name)
    }
  })

  it('lists each API with its address', async (t) => {
    const html = await openHome(t)

    for (const { name, url } of servers.filter(({ name }) => name !== 'identity-server')) {
      const card = html.split(`data-api="${name}"`)[1]?.split('</li>')[0] ?? ''
      assert.ok(card.includes(`${url}/identity`), name)
    }
  })

  it('names the test users, escaped', async (t) => {
    const html = await openHome(t)

    assert.ok(html.includes('<code>alice</code>'))
    assert.ok(html.includes('<code>&lt;alice&gt;</code>'))
  })

  it('names no test users in production', async (t) => {
    const { get } = await startPages(t, { showDetails: false })

    assert.doesNotMatch(await (await get('/')).text(), /Test users|<table|alice/)
  })

  it('says who is signed in, with the ways to their pages and out', async (t) => {
    const [alice, nobody] = await Promise.all(
      [{ signedIn: '1' }, {}].map(async (setup) => {
        const { get } = await startPages(t, setup)
        return (await get('/')).text()
      }),
    )

    assert.match(alice ?? '', /You are signed in as <strong>Alice Smith<\/strong>/)
    for (const path of ['/grants', '/diagnostics', '/account/logout'])
      assert.ok(alice?.includes(`<a href="${path}">`), path)
    assert.doesNotMatch(nobody ?? '', /signed in|Sign out/)
  })

  it('links to the inspector while that runs', async (t) => {
    const running = express().get('/health', (_req, res) => res.json({ status: 'ok' }))
    const inspector = await serve(t, running)
    const stopped = 'http://127.0.0.1:1'

    const [shown, hidden] = await Promise.all(
      [inspector, stopped].map(async (inspector) => {
        const options = {
          issuer: inspector,
          users: [],
          findViewer: async () => undefined,
          inspector,
        }
        const home = await serve(t, express().get('/', homePage(options)))
        return (await fetch(home)).text()
      }),
    )

    assert.ok(shown?.includes(`<a href="${inspector}/">inspector</a>`))
    assert.doesNotMatch(hidden ?? '', /inspector/)
  })

  it("links to the issuer's documents", async (t) => {
    const html = await openHome(t)

    const base = 'https://login.example.com/.well-known/openid-configuration'
    assert.ok(html.includes(`href="${base}"`))
    assert.ok(html.includes(`href="${base}/jwks"`))
  })
})
