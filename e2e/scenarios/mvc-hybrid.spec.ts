import { createHash } from 'node:crypto'

import { issuer, urls } from '@basics/sample-kit'
import type { Page } from '@playwright/test'
import { decodeJwt } from 'jose'

import { listenForComplaints } from '../support/complaints.ts'
import { readSession } from '../support/session-page.ts'
import { openAs, signIn } from '../support/sign-in.ts'
import { expect, test } from '../support/web-test.ts'

const name = 'mvc-hybrid'
const { mvcHybrid } = urls
const secure = `${mvcHybrid}/secure`
const callback = `${mvcHybrid}/signin-oidc`
const scope = 'openid profile scope1 offline_access'

test.describe('signing in', () => {
  test('asks for a code and an ID Token in a form, with PKCE', async ({ page }) => {
    const response = await page.request.get(secure, { maxRedirects: 0 })
    const request = new URL(response.headers().location ?? '')

    expect(request.origin + request.pathname).toBe(`${issuer}/connect/authorize`)
    expect(Object.fromEntries(request.searchParams)).toEqual({
      client_id: name,
      response_type: 'code id_token',
      response_mode: 'form_post',
      redirect_uri: callback,
      scope,
      state: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
    })
  })

  test('gets both in a form, the ID Token vouching for the code', async ({ page, context }) => {
    const complaints = listenForComplaints(context)
    const asked = page.waitForRequest(/\/connect\/authorize\?/)
    const answered = page.waitForRequest(callback)
    await openAs(page, 'alice', secure)

    const request = await answered
    expect(request.method()).toBe('POST')
    const { code = '', id_token = '', ...others } = readForm(request.postData())
    const { state, nonce } = Object.fromEntries(new URL((await asked).url()).searchParams)
    expect(others).toMatchObject({ state, iss: issuer })
    expect(others).not.toHaveProperty('access_token')
    const half = createHash('sha256').update(code).digest().subarray(0, 16)
    expect(decodeJwt(id_token)).toMatchObject({
      iss: issuer,
      aud: name,
      sub: '1',
      nonce,
      c_hash: half.toString('base64url'),
    })
    expect((await request.response())?.status()).toBe(303)
    expect(complaints).toEqual([])
  })

  test('redeems the code by itself, for an ID Token of the same user', async ({
    page,
    ownServers,
    freshEnvironment,
  }) => {
    const [program] = await Promise.all([name, 'identity-server'].map(ownServers.start))
    const url = freshEnvironment.MVC_HYBRID_URL
    const answered = page.waitForRequest(`${url}/signin-oidc`)
    await openAs(page, 'alice', `${url}/secure`)
    const { code, id_token = '' } = readForm((await answered).postData())

    const token = program?.exchanges.find((exchange) => exchange.url.endsWith('/connect/token'))
    const { code_verifier, ...body } = readForm(token?.body)
    expect(code_verifier).toMatch(/^[\w-]{43}$/)
    expect(body).toEqual({
      grant_type: 'authorization_code',
      code,
      redirect_uri: `${url}/signin-oidc`,
    })
    expect(token?.headers.authorization).toBe(`Basic ${btoa('mvc%2Dhybrid:secret')}`)
    const { tokens, claims } = await readSession(page)
    expect(tokens.id_token).not.toBe(id_token)
    expect(decodeJwt(tokens.id_token ?? '').sub).toBe(decodeJwt(id_token).sub)
    expect(claims.name).toBe('Alice Smith')
  })

  test('works where scripts are off, with a button', async ({ browser }) => {
    const context = await browser.newContext({ javaScriptEnabled: false })
    const page = await context.newPage()
    await page.goto(secure)
    await signIn(page, 'bob')
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.waitForURL(secure)

    expect((await readSession(page)).claims.name).toBe('Bob Smith')
    await context.close()
  })

  test('can be cancelled', async ({ page }) => {
    await page.goto(secure)
    await page.getByRole('button', { name: 'Cancel' }).click()

    await expect(page.getByRole('heading', { level: 1 })).toHaveText('You are not signed in')
    await expect(page.getByRole('main')).toContainText('access_denied')
  })
})

test.describe('refuses', () => {
  const forms: readonly [string, (form: URLSearchParams) => void, string][] = [
    ['a code that is not the ID Token’s', (form) => form.set('code', 'a'.repeat(43)), '"c_hash"'],
    ['a form without its ID Token', (form) => form.delete('id_token'), 'ID Token'],
    ['an ID Token that was changed', changeSignature, 'signature'],
    ['two codes', (form) => form.append('code', 'a'.repeat(43)), 'only once'],
  ]
  for (const [what, change, detail] of forms)
    test(what, async ({ page }) => {
      await changeForm(page, change)
      await page.goto(secure)
      await signIn(page, 'alice')

      await expect(page.getByRole('heading', { level: 1 })).toHaveText(
        'The answer cannot be trusted',
      )
      await expect(page.getByRole('main')).toContainText(detail)
    })

  test('a form that this browser did not ask for', async ({ page, playwright }) => {
    const forms: URLSearchParams[] = []
    await changeForm(page, (form) => void forms.push(new URLSearchParams(form)))
    await openAs(page, 'alice', secure)

    const stranger = await playwright.request.newContext()
    const response = await stranger.post(callback, {
      form: Object.fromEntries(forms[0] ?? []),
      maxRedirects: 0,
    })
    expect(response.status()).toBe(400)
    await stranger.dispose()
  })

  test('a client that did not register for it', async ({ page }) => {
    const query = new URLSearchParams({
      client_id: 'mvc-basic',
      response_type: 'code id_token',
      redirect_uri: `${urls.mvcBasic}/signin-oidc`,
      scope,
      nonce: 'nonce',
    })
    const authorize = `${issuer}/connect/authorize?${query}`
    const response = await page.request.get(authorize, { maxRedirects: 0 })

    const location = new URL(response.headers().location ?? '')
    const answer = new URLSearchParams(location.hash.slice(1))
    expect(answer.get('error')).toBe('unauthorized_client')
  })
})

test('calls the API and signs out', async ({ page }) => {
  await openAs(page, 'alice', `${mvcHybrid}/call-api`)
  await expect(page.locator('[data-api-response]')).toContainText(name)

  await page.getByRole('link', { name: 'Sign out' }).click()
  await page.waitForURL(`${mvcHybrid}/`)
  await page.getByRole('link', { name: 'Sign in' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sign in')
})

test('is told by the browser when the user signs out at the token service', async ({ page }) => {
  await openAs(page, 'alice', secure)
  const { claims } = await readSession(page)
  const told = page.waitForResponse((response) => response.url().startsWith(`${mvcHybrid}/signout`))

  await page.goto(`${issuer}/account/logout`)
  await page.getByRole('button', { name: 'Sign out' }).click()

  const frame = await told
  expect(frame.status()).toBe(200)
  const query = new URLSearchParams({ iss: issuer, sid: claims.sid ?? '' })
  expect(frame.url()).toBe(`${mvcHybrid}/signout-oidc?${query}`)
  await page.goto(secure)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sign in')
})

/** Stands between the token service's page and the application. */
async function changeForm(page: Page, change: (form: URLSearchParams) => void): Promise<void> {
  await page.route(callback, async (route) => {
    const form = new URLSearchParams(route.request().postData() ?? '')
    change(form)
    await route.continue({ postData: form.toString() })
  })
}

function changeSignature(form: URLSearchParams): void {
  const [header, payload, signature = ''] = form.get('id_token')?.split('.') ?? []
  const changed = (signature.startsWith('A') ? 'B' : 'A') + signature.slice(1)
  form.set('id_token', [header, payload, changed].join('.'))
}

function readForm(body: string | null = ''): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(body ?? ''))
}
