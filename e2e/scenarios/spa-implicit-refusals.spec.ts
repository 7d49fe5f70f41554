import { createHash } from 'node:crypto'

import { issuer, urls } from '@basics/sample-kit'
import type { Page } from '@playwright/test'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'

import { expect, test } from '../support/web-test.ts'

const { spaImplicit } = urls
const attempt = { state: 'state', nonce: 'nonce', code_verifier: 'v'.repeat(43) }
const access_token = 'access'
const rightKey = await generateKeyPair('RS256')
const otherKey = await generateKeyPair('RS256')
const ellipticKey = await generateKeyPair('ES256')
const jwksUri = `${issuer}/.well-known/openid-configuration/jwks`
const revocation = `${issuer}/connect/revocation`
const jwks = {
  keys: [
    { ...(await exportJWK(rightKey.publicKey)), kid: 'RS256', alg: 'RS256' },
    { ...(await exportJWK(ellipticKey.publicKey)), kid: 'ES256', alg: 'ES256' },
  ],
}

/**
 * The pages are given tokens that the real token service would never issue, signed with keys that they take
 * for its own. All else is real.
 */
test.beforeEach(async ({ page }) => {
  await answer(page, jwksUri, jwks)
})

interface Forgery {
  readonly claims?: Readonly<Record<string, unknown>> & { readonly aud?: string | string[] }
  readonly alg?: 'RS256' | 'ES256'
  readonly key?: CryptoKey
}

const forgeries: readonly [string, Forgery, RegExp][] = [
  ['another issuer', { claims: { iss: 'https://evil.example' } }, /"iss"/],
  ['another client', { claims: { aud: 'spa' } }, /"aud"/],
  ['another client too', { claims: { aud: ['self', 'spa'] } }, /issued to another client/],
  ['another party', { claims: { azp: 'spa' } }, /issued to another client/],
  ['another sign-in', { claims: { nonce: 'other' } }, /nonce/],
  ['no sign-in', { claims: { nonce: undefined } }, /nonce/],
  ['nobody', { claims: { sub: undefined } }, /"sub"/],
  ['the past', { claims: { exp: Math.floor(Date.now() / 1000) - 90 } }, /"exp"/],
  ['all times', { claims: { exp: undefined } }, /"exp"/],
  ['another access token', { claims: { at_hash: 'other' } }, /access token is not the one/],
  ['another key', { key: otherKey.privateKey }, /signature verification failed/],
  ['another algorithm', { alg: 'ES256', key: ellipticKey.privateKey }, /"alg"/],
]

/** What is wrong with the answer in the address. */
type Change = (answer: URLSearchParams) => void

const changes: readonly [string, Change, RegExp][] = [
  ['with another state', (answer) => answer.set('state', 'other'), /The state is not that/],
  ['without state', (answer) => answer.set('state', ''), /The state is not that/],
  ['of another issuer', (answer) => answer.set('iss', 'https://evil.example'), /Another token/],
  ['of no issuer', (answer) => answer.delete('iss'), /Another token/],
  ['with two states', (answer) => answer.append('state', attempt.state), /state twice/],
]

test.describe('the implicit page', () => {
  test('accepts an ID Token with which nothing is wrong', async ({ page }) => {
    await openImplicit(page, {})
    await expect(page.getByRole('button', { name: 'Call API' })).toBeVisible()
  })

  for (const [what, forgery, complaint] of forgeries)
    test(`refuses an ID Token of ${what}`, async ({ page }) => {
      await openImplicit(page, forgery)
      await expectRefusal(page, complaint)
    })

  for (const [what, change, complaint] of [
    ...changes,
    ['without an ID Token', (answer) => answer.delete('id_token'), /Invalid Compact JWS/],
    ['with two access tokens', (answer) => answer.append('access_token', 'a'), /token twice/],
  ] as typeof changes)
    test(`refuses an answer ${what}`, async ({ page }) => {
      await openImplicit(page, {}, change)
      await expectRefusal(page, complaint)
    })

  test('refuses an access token that no ID Token vouches for', async ({ page }) => {
    await openImplicit(page, { claims: { at_hash: undefined } })
    await expectRefusal(page, /access token is not the one/)
  })

  test('refuses userinfo about someone else', async ({ page }) => {
    await answer(page, `${issuer}/connect/userinfo`, { sub: '2', name: 'Bob' })
    await openImplicit(page, {})
    await page.getByRole('button', { name: 'Userinfo' }).click()

    await expect(page.getByRole('alert')).toHaveText('Userinfo is about someone else.')
    await expect(page.locator('#answer')).not.toContainText('Bob')
  })

  test('refuses a token service that says it is another', async ({ page }) => {
    const discovery = `${issuer}/.well-known/openid-configuration`
    const metadata = await (await page.request.get(discovery)).json()
    await answer(page, discovery, { ...metadata, issuer: 'https://evil.example' })
    await openImplicit(page, {})

    await expectRefusal(page, /another issuer/)
  })

  test('shows why the API refuses', async ({ page }) => {
    await openImplicit(page, {})
    await page.getByRole('button', { name: 'Call API' }).click()

    await expect(page.getByRole('alert')).toContainText('401: Bearer')
    await expect(page.getByRole('alert')).toContainText('invalid_token')
  })

  test('shows no markup that came with a token', async ({ page }) => {
    await openImplicit(page, { claims: { name: '<img src=x>' } })

    await expect(page.locator('#id-token')).toContainText('<img src=x>')
    await expect(page.locator('main img')).toHaveCount(0)
  })
})

test.describe('the code page', () => {
  for (const [what, forgery, complaint] of forgeries)
    test(`refuses an ID Token of ${what}`, async ({ page }) => {
      await openCode(page, await createTokens(forgery))
      await expectRefusal(page, complaint)
    })

  for (const [what, change, complaint] of changes)
    test(`refuses an answer ${what}`, async ({ page }) => {
      await openCode(page, await createTokens({}), change)
      await expectRefusal(page, complaint)
    })

  test('refuses to go without an ID Token', async ({ page }) => {
    await openCode(page, { access_token, token_type: 'Bearer', expires_in: 75 })
    await expectRefusal(page, /Invalid Compact JWS/)
  })

  for (const [what, forgery, complaint] of [
    ['of someone else', { claims: { sub: '2' } }, /renewed tokens are about someone else/],
    [
      'of another issuer',
      { claims: { iss: 'https://evil.example' } },
      /renewed tokens are not for this page/,
    ],
    ['for another client', { claims: { aud: 'spa' } }, /renewed tokens are not for this page/],
    [
      'issued to another client',
      { claims: { azp: 'spa' } },
      /renewed tokens are not for this page/,
    ],
  ] as const)
    test(`refuses renewed tokens ${what}, and revokes them`, async ({ page }) => {
      const revoked = page.waitForRequest(revocation)
      await renewAtCode(page, forgery)

      await expectRefusal(page, complaint)
      expect((await revoked).postData()).toContain('token=refresh&')
    })

  test('says at once why it ends, and revokes once for all who learn it', async ({ page }) => {
    const revoked: string[] = []
    // The token service does not answer.
    await page.route(revocation, (route) => void revoked.push(route.request().url()))
    await renewAtCode(page, { claims: { sub: '2' } }, ['call-api', 'userinfo'])

    await expectRefusal(page, /renewed tokens are about someone else/)
    await expect.poll(() => revoked).toEqual([revocation])
  })

  test('signs out though the token service does not answer the revocation', async ({ page }) => {
    await openCode(page, await createTokens({}))
    await page.route(revocation, () => {})
    await page.getByRole('button', { name: 'Sign out' }).click()

    await page.waitForURL(`${issuer}/**`)
  })

  test('signs out at the token service though a renewal is not answered', async ({ page }) => {
    await page.clock.install()
    await openCode(page, await createTokens({}))
    await expect(page.getByRole('button', { name: 'Call API' })).toBeVisible()
    await page.route(`${issuer}/connect/token`, () => {})
    const renewal = page.waitForRequest(`${issuer}/connect/token`)
    await page.clock.fastForward(60 * 60_000)
    await page.getByRole('button', { name: 'Call API' }).click()
    await renewal

    const signedOut = page.waitForURL(`${issuer}/**`)
    await page.getByRole('button', { name: 'Sign out' }).click()
    await expect(page.getByRole('button', { name: 'Sign out' })).toBeHidden()
    await page.clock.fastForward(3_000)
    await signedOut
  })

  for (const [what, forgery] of [
    ['that a key signed which is not known yet', { key: otherKey.privateKey }],
    ['that are from the future, by the clock', { claims: { nbf: 4_000_000_000 } }],
  ] as const)
    test(`goes on when it cannot check renewed tokens ${what}`, async ({ page }) => {
      await renewAtCode(page, forgery)

      await expect(page.getByRole('alert')).toBeVisible()
      await expect(page.getByRole('button', { name: 'Sign out' })).toBeVisible()
    })

  test('keeps a new refresh token that came while the keys cannot be had', async ({ page }) => {
    await page.clock.install()
    await openCode(page, await createTokens({}))
    await expect(page.getByRole('button', { name: 'Call API' })).toBeVisible()
    const exp = Math.floor(Date.now() / 1000) + 3600
    const renewed = { ...(await createTokens({ claims: { exp } })), refresh_token: 'next' }
    await answer(page, `${issuer}/connect/token`, renewed)
    await page.route(jwksUri, (route) => route.abort(), { times: 1 })
    // The page has its keys for ten minutes.
    await page.clock.fastForward(11 * 60_000)

    for (const [sent, shown] of [
      ['refresh', page.getByRole('alert')],
      ['next', page.locator('#access-token').getByText('"renewals": 1')],
    ] as const) {
      const request = page.waitForRequest(`${issuer}/connect/token`)
      await page.getByRole('button', { name: 'Call API' }).click()
      expect(new URLSearchParams((await request).postData() ?? '').get('refresh_token')).toBe(sent)
      await expect(shown).toBeVisible()
    }
  })
})

async function openImplicit(page: Page, forgery: Forgery, change?: Change): Promise<void> {
  const id_token = await signIdToken('spa-implicit', forgery)
  const { state } = attempt
  const response = new URLSearchParams({ id_token, access_token, state, iss: issuer })
  change?.(response)
  await begin(page, 'spa-implicit')
  await page.goto(`${spaImplicit}/implicit#${response}`)
}

/** Signs in, and has the tokens renewed by others, for whatever buttons are pressed together. */
async function renewAtCode(page: Page, forgery: Forgery, buttons = ['call-api']): Promise<void> {
  await page.clock.install()
  await openCode(page, await createTokens({}))
  await expect(page.getByRole('button', { name: 'Call API' })).toBeVisible()
  await answer(page, `${issuer}/connect/token`, await createTokens(forgery))
  await page.clock.fastForward(20_000)
  await page.evaluate((ids) => {
    for (const id of ids) document.getElementById(id)?.click()
  }, buttons)
}

async function openCode(page: Page, tokens: object, change?: Change): Promise<void> {
  await answer(page, `${issuer}/connect/token`, tokens)
  await begin(page, 'spa-code')
  const response = new URLSearchParams({ code: 'code', state: attempt.state, iss: issuer })
  change?.(response)
  await page.goto(`${spaImplicit}/code?${response}`)
}

/** As if the page had asked, before it opened now. */
async function begin(page: Page, clientId: string): Promise<void> {
  await page.addInitScript(
    ([key = '', value = '']) => sessionStorage.setItem(key, value),
    [clientId, JSON.stringify(attempt)],
  )
}

async function createTokens(forgery: Forgery): Promise<object> {
  const id_token = await signIdToken('spa-code', forgery)
  const refresh_token = 'refresh'
  return { access_token, id_token, refresh_token, token_type: 'Bearer', expires_in: 75 }
}

async function signIdToken(clientId: string, forgery: Forgery): Promise<string> {
  const { claims = {}, alg = 'RS256', key = rightKey.privateKey } = forgery
  const iat = Math.floor(Date.now() / 1000)
  const at_hash = createHash('sha256').update(access_token).digest().subarray(0, 16)
  const { aud = clientId, ...others } = claims
  return new SignJWT({
    iss: issuer,
    aud: Array.isArray(aud) ? aud.map((name) => name.replace('self', clientId)) : aud,
    sub: '1',
    iat,
    exp: iat + 300,
    nonce: attempt.nonce,
    at_hash: at_hash.toString('base64url'),
    ...others,
  })
    .setProtectedHeader({ alg, kid: alg })
    .sign(key)
}

/** Stands in for one address of the token service, for this page. */
async function answer(page: Page, url: string, body: object): Promise<void> {
  const headers = {
    'Access-Control-Allow-Origin': spaImplicit,
    'Access-Control-Allow-Headers': 'authorization',
  }
  await page.route(url, (route) => route.fulfill({ headers, json: body }))
}

async function expectRefusal(page: Page, complaint: RegExp): Promise<void> {
  await expect(page.getByRole('alert')).toHaveText(complaint)
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Call API' })).toBeHidden()
  expect(page.url()).not.toMatch(/[?#]/)
}
