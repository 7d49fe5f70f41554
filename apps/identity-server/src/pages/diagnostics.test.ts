import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { startPages } from '../../test-support/start-pages.ts'

describe('diagnostics page', () => {
  it('shows the claims and the properties of the session', async (t) => {
    const { get } = await startPages(t, { signedIn: '1' })

    const html = await (await get('/diagnostics')).text()
    const shown = Object.fromEntries(
      [...html.matchAll(/<dt>([^<]+)<\/dt>\s*<dd>([^<]*)<\/dd>/g)].map(([, name, value]) => [
        name,
        value,
      ]),
    )

    assert.equal(shown.sub, '1')
    assert.equal(shown.name, 'Alice Smith')
    assert.equal(shown.email_verified, 'true')
    assert.match(shown.address ?? '', /^\{&quot;street_address&quot;:/)
    assert.equal(shown.auth_time, String(Date.UTC(2026, 10, 21, 12) / 1000))
    assert.equal(shown.amr, '[&quot;pwd&quot;]')
    assert.equal(shown.sid, 'sid-1')
    assert.equal(shown.expires, '2026-11-21T22:00:00.000Z')
    assert.equal(shown['outlives the browser'], 'no')
  })

  it('is for a signed-in user', async (t) => {
    const { get } = await startPages(t)

    const response = await get('/diagnostics')

    assert.equal(response.headers.get('location'), '/account/login?returnUrl=%2Fdiagnostics')
  })

  it('does not exist for those who come from elsewhere, nor does a link to it', async (t) => {
    const { get } = await startPages(t, { signedIn: '1' })
    const elsewhere = { 'x-forwarded-for': '127.0.0.1' }

    assert.equal((await get('/diagnostics', elsewhere)).status, 404)
    assert.doesNotMatch(await (await get('/grants', elsewhere)).text(), /\/diagnostics/)
    assert.match(await (await get('/grants')).text(), /href="\/diagnostics"/)
  })
})
