import assert from 'node:assert/strict'
import { request } from 'node:http'
import { describe, it } from 'node:test'

import { browsed, form, json, recording } from '../test-support/recording.ts'
import { ownPage, startInspector } from '../test-support/start-inspector.ts'

const contentType = { 'Content-Type': 'application/json' }

describe('the inspector', () => {
  it('takes what recorders send', async (t) => {
    const { record } = await startInspector(t)

    const { status, body } = await record(recording())

    assert.deepEqual([status, JSON.parse(body)], [200, { inspector: 'listening' }])
  })

  for (const [what, body] of Object.entries({
    'no list': '{}',
    'a recording without a side': JSON.stringify([{ ...recording(), side: 'middle' }]),
    'a URL that is none': JSON.stringify([recording({ url: 'nowhere' })]),
    'a time that is none': JSON.stringify([recording({ startedAt: 1e300 })]),
    'headers that are none': JSON.stringify([{ ...recording(), request: { headers: [1] } }]),
    'no JSON': '[',
  }))
    it(`refuses ${what}`, async (t) => {
      const { ask } = await startInspector(t)

      const { status } = await ask('/record', { method: 'POST', headers: contentType, body })

      assert.equal(status, 400)
    })

  it('takes all of a list, or none', async (t) => {
    const { ask } = await startInspector(t)
    const body = JSON.stringify([recording(), { ...recording(), url: 'nowhere' }])

    const { status } = await ask('/record', { method: 'POST', headers: contentType, body })

    const har = await ask('/export.har', { headers: ownPage })
    assert.equal(status, 400)
    assert.deepEqual(JSON.parse(har.body).log.entries, [])
  })

  it('is cleared by no page of another site', async (t) => {
    const { ask } = await startInspector(t)
    const headers = { 'Sec-Fetch-Site': 'cross-site' }

    assert.equal((await ask('/clear', { method: 'POST', headers })).status, 403)
  })

  it('refuses what is too large', async (t) => {
    const { ask } = await startInspector(t)
    const body = `["${'x'.repeat(9_000_000)}"]`

    const { status } = await ask('/record', { method: 'POST', headers: contentType, body })

    assert.equal(status, 413)
  })

  for (const header of ['Origin', 'Sec-Fetch-Site'])
    it(`takes nothing from a page in a browser, known by ${header}`, async (t) => {
      const { ask } = await startInspector(t)
      const headers = { ...contentType, [header]: 'http://localhost:44303' }

      const { status } = await ask('/record', { method: 'POST', headers, body: '[]' })

      assert.equal(status, 403)
    })

  for (const path of ['/', '/browser/main.js', '/events', '/exchanges/1', '/export.har'])
    it(`shows ${path} under no name but that of this machine`, async (t) => {
      const { ask } = await startInspector(t)

      const { status } = await ask(path, { headers: { ...ownPage, Host: 'rebound.example' } })

      assert.equal(status, 403)
    })

  for (const path of ['/events', '/exchanges/1', '/export.har', '/export.mmd'])
    it(`shows ${path} to no page of another site`, async (t) => {
      const { ask, record } = await startInspector(t)
      await record(recording())

      const { status } = await ask(path, { headers: { 'Sec-Fetch-Site': 'same-site' } })

      assert.equal(status, 403)
    })

  it('runs nothing in its page but its own scripts', async (t) => {
    const { ask } = await startInspector(t)

    const { status, headers, body } = await ask('/')

    assert.equal(status, 200)
    assert.match(
      String(headers['content-security-policy']),
      /default-src 'none'; script-src 'self';/,
    )
    assert.equal(headers['cache-control'], 'no-store')
    assert.doesNotMatch(body, /<script(?! type="module" src="\/browser\/main\.js")|\sstyle=/)
  })

  for (const [path, expected] of [
    ['main.js', 200],
    ['inspector.css', 200],
    ['times.test.ts', 404],
    ['..%2finspector.ts', 404],
  ] as const)
    it(`answers ${expected} when asked for ${path} of the page`, async (t) => {
      const { ask } = await startInspector(t)

      assert.equal((await ask(`/browser/${path}`)).status, expected)
    })

  it('shows code of the tour as code, ready to be copied', async (t) => {
    const { ask } = await startInspector(t)

    const { body } = await ask('/')

    assert.ok(body.includes('add <code>header.typ = &#39;at+jwt&#39;</code> after the line in'))
    assert.doesNotMatch(body, /`/)
  })

  it('explains an exchange, its secrets marked', async (t) => {
    const { record, ask } = await startInspector(t)
    await record(recording({ method: 'POST', request: form({ code: 'abc', scope: 'openid' }) }))

    const { body } = await ask('/exchanges/1', { headers: ownPage })

    const { request, url } = JSON.parse(body)
    assert.equal(url, 'http://localhost:5002/identity')
    const [code, scope] = request.parameters
    assert.equal(code.isSecret, true)
    assert.equal(code.meaning.section, 'RFC 6749 §4.1.2')
    assert.equal(scope.isSecret, false)
    assert.deepEqual(request.raw.at(-2), { text: 'abc', isSecret: true })
  })

  it('has nothing to explain of what it does not know', async (t) => {
    const { ask } = await startInspector(t)

    assert.equal((await ask('/exchanges/7', { headers: ownPage })).status, 404)
  })

  it('shows the history, then what happens, without secrets', async (t) => {
    const { url, record, end } = await startInspector(t)
    const headers = { ...ownPage }
    const tokens = { access_token: 'the-token' }
    await record(recording({ response: { status: 200, ...json(tokens) } }))

    const shown = new Promise<string>((resolve, reject) => {
      request(`${url}/events`, { headers }, async (response) => {
        let text = ''
        for await (const part of response.setEncoding('utf8')) {
          text += part
          if (text.includes('event: cleared')) end()
          else if (text.includes('event: exchange')) await clear()
          else if (text.includes('event: history')) await record(browsed())
        }
        resolve(text)
      })
        .on('error', reject)
        .end()
    })
    const clear = () => fetchClear(url)

    const text = await shown
    const events = [...text.matchAll(/^event: (\w+)\ndata: (.*)$/gm)]
    assert.deepEqual(
      events.map(([, event]) => event),
      ['history', 'exchange', 'cleared'],
    )
    assert.equal(JSON.parse(events[0]?.[2] ?? '')[0].responseDetail, 'access_token')
    const { exchange, oldest } = JSON.parse(events[1]?.[2] ?? '')
    assert.deepEqual([exchange.from, oldest], ['browser', 1])
    assert.ok(!text.includes('the-token'))
  })

  it('exports one scenario, or all', async (t) => {
    const { record, ask } = await startInspector(t)
    const other = { app: 'worker-token-management', connection: '50001-5002' }
    await record(recording(), recording(other))

    const [all, one, mermaid] = await Promise.all(
      ['/export.har', '/export.har?scenario=mvc-par', '/export.mmd?scenario=mvc-par'].map((path) =>
        ask(path, { headers: ownPage }),
      ),
    )

    assert.equal(JSON.parse(all?.body ?? '').log.entries.length, 2)
    assert.equal(JSON.parse(one?.body ?? '').log.entries.length, 1)
    assert.match(all?.headers['content-disposition'] ?? '', /traffic\.har/)
    assert.equal(
      mermaid?.body,
      [
        'sequenceDiagram',
        '  autonumber',
        '  participant P0 as mvc-par',
        '  participant P1 as simple-api',
        '  P0->>P1: GET /identity',
        '  P1-->>P0: 200',
        '',
      ].join('\n'),
    )
  })
})

function fetchClear(url: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    request(`${url}/clear`, { method: 'POST', headers: ownPage }, resolve).on('error', reject).end()
  })
}
