import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { userGrant, waiting } from '../../test-support/fake-interaction.ts'
import { startPages } from '../../test-support/start-pages.ts'

const returnUrl = encodeURIComponent(waiting)

function policy(formAction: string): string {
  return (
    "default-src 'none'; style-src 'self'; img-src 'self' data: https:; frame-src 'none'; " +
    `form-action ${formAction}; frame-ancestors 'none'; base-uri 'none'`
  )
}

describe('security headers', () => {
  for (const path of [
    '/',
    `/account/login?returnUrl=${returnUrl}`,
    `/consent?returnUrl=${returnUrl}`,
    '/account/logout',
    '/account/logged-out',
    '/error?errorId=known',
    '/grants',
    '/diagnostics',
  ]) {
    it(`are on ${path}, which needs nothing that they forbid`, async (t) => {
      const { get } = await startPages(t, { signedIn: '1', grants: [userGrant] })

      const response = await get(path)
      const html = await response.text()

      assert.match(response.headers.get('content-type') ?? '', /^text\/html/)
      for (const [name, value] of [
        ['cache-control', 'no-store'],
        ['referrer-policy', 'no-referrer'],
        ['x-content-type-options', 'nosniff'],
        ['x-frame-options', 'DENY'],
        ['strict-transport-security', null],
        ['cross-origin-opener-policy', null],
      ] as const)
        assert.equal(response.headers.get(name), value, name)
      const asksUser = /^\/(account\/login|consent)/.test(path)
      assert.equal(
        response.headers.get('content-security-policy'),
        policy(asksUser ? "'self' https://album.example" : "'self'"),
      )
      assert.doesNotMatch(html, /<script|<style|\sstyle=|\son\w+=|<iframe/)
    })
  }

  it('insist on https only where there is https', async (t) => {
    const { get } = await startPages(t, { issuer: 'https://login.example' })

    const { headers } = await get('/')

    assert.match(headers.get('strict-transport-security') ?? '', /^max-age=\d{8}/)
  })

  it('stay on a form that comes back with a problem', async (t) => {
    const { submit } = await startPages(t)

    const { headers } = await submit(`/account/login?returnUrl=${returnUrl}`, { button: 'login' })

    assert.equal(headers.get('content-security-policy'), policy("'self' https://album.example"))
  })

  for (const [origin, formAction] of [
    ['http://127.0.0.1:8400', "'self' http://127.0.0.1:8400"],
    ['http:', "'self' http:"],
    ['com.example.app:', "'self' com.example.app:"],
    ['null', "'self'"],
    ["https://album.example 'unsafe-inline'", "'self'"],
    ['https://album.example; script-src *', "'self'"],
    ['*', "'self'"],
  ] as const) {
    it(`let a form lead to ${formAction} for the response origin ${origin}`, async (t) => {
      const { get } = await startPages(t, { request: { responseOrigin: origin } })

      const { headers } = await get(`/account/login?returnUrl=${returnUrl}`)

      assert.equal(headers.get('content-security-policy'), policy(formAction))
    })
  }
})
