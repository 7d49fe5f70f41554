import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { errorContext } from '../../test-support/fake-interaction.ts'
import { startPages } from '../../test-support/start-pages.ts'

const details = /<dt>Details<\/dt>\s*<dd>redirect_uri is not registered<\/dd>/

describe('error page', () => {
  it('gives the code, a sentence and a reference, and the details in development', async (t) => {
    const { get } = await startPages(t, { showDetails: true })

    const response = await get('/error?errorId=known')
    const html = await response.text()

    assert.equal(response.status, 400)
    assert.match(html, /<p>The application sent a request that is incomplete/)
    assert.match(html, /<dd><code>invalid_request<\/code><\/dd>/)
    assert.match(html, /<dd><code>req-4711<\/code><\/dd>/)
    assert.match(html, /<dd><code>web<\/code><\/dd>/)
    assert.match(html, details)
  })

  it('keeps the details to itself in production', async (t) => {
    const { get } = await startPages(t, { showDetails: false })

    const html = await (await get('/error?errorId=known')).text()

    assert.match(html, /<dd><code>req-4711<\/code><\/dd>/)
    assert.doesNotMatch(html, /<dt>(Details|Client)/)
    assert.doesNotMatch(html, /redirect_uri/)
  })

  for (const error of ['constructor', '<script>']) {
    it(`has a sentence for a code that it does not know: ${error}`, async (t) => {
      const { get } = await startPages(t, { error: { ...errorContext, error } })

      const html = await (await get('/error?errorId=known')).text()

      assert.match(html, /<p>Something about the request is not right\.<\/p>/)
      assert.ok(html.includes(`<code>${error.replace('<', '&lt;').replace('>', '&gt;')}</code>`))
    })
  }

  it('says so when the error is not known any more', async (t) => {
    const { get } = await startPages(t)

    for (const path of ['/error', '/error?errorId=x', '/error?errorId=known&errorId=known']) {
      const response = await get(path)
      assert.equal(response.status, 404)
      assert.match(await response.text(), /no longer kept/)
    }
  })
})
