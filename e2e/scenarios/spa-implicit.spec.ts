import { createHash } from 'node:crypto'

import { issuer, urls } from '@basics/sample-kit'
import type { BrowserContext, Page } from '@playwright/test'

import { expectAccessible } from '../support/accessibility.ts'
import { listenForComplaints } from '../support/complaints.ts'
import { signIn } from '../support/sign-in.ts'
import { expect, test } from '../support/web-test.ts'

const { spaImplicit, simpleApi } = urls
const implicitPage = `${spaImplicit}/implicit`
const codePage = `${spaImplicit}/code`
const randomValue = expect.stringMatching(/^[\w-]{43}$/)

for (const [flow, url, opened, clientId] of [
  ['the implicit flow', implicitPage, `${implicitPage}#`, 'spa-implicit'],
  ['the code flow', codePage, `${codePage}?`, 'spa-code'],
] as const)
  test.describe(flow, () => {
    test('signs in, asks userinfo and the API, and signs out', async ({ page, context }) => {
      const complaints = listenForComplaints(context)
      await openAs(page, 'alice', url)
      expect(page.url()).toBe(url)
      expect(await readJson(page, 'id-token')).toMatchObject({ aud: clientId, sub: '1' })
      const kept = await page.evaluate(() => ({ ...sessionStorage, ...localStorage }))
      expect(kept).toEqual({})

      await page.getByRole('button', { name: 'Userinfo' }).click()
      await expect(page.locator('#answer')).toContainText('Alice Smith')
      await page.getByRole('button', { name: 'Call API' }).click()
      await expect(page.locator('#answer')).toContainText(`${issuer}/resources`)
      const claims = await readJson(page, 'answer')
      expect(claims).toContainEqual({ type: 'client_id', value: clientId })
      expect(claims).toContainEqual({ type: 'sub', value: '1' })

      const asked = page.waitForRequest(/\/connect\/endsession\?/)
      const sentBack = page.waitForRequest(url)
      await page.getByRole('button', { name: 'Sign out' }).click()
      expect(readQuery((await asked).url())).toEqual({
        id_token_hint: expect.stringMatching(/^ey/),
        post_logout_redirect_uri: url,
      })
      await sentBack
      await page.getByRole('button', { name: 'Sign in' }).click()
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sign in')
      expect(complaints).toEqual([])
    })

    test('ends with the session, when another tab signs out', async ({ page, context }) => {
      const complaints = listenForComplaints(context)
      await openAs(page, 'alice', url)
      const other = await context.newPage()
      await other.goto(`${issuer}/account/logout`)
      await other.getByRole('button', { name: 'Sign out' }).click()

      await expect(page.getByRole('alert')).toHaveText(
        'Your sign-in at the token service has ended, or is another one now. Sign in again.',
      )
      await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible()
      expect(complaints).toEqual([])
    })

    for (const [what, answer, message] of [
      ['the token service can see it', 'changed', 'unchanged'],
      ['it is the token service who says so', 'unchanged', 'changed'],
    ] as const)
      test(`does not end unless ${what}`, async ({ page }) => {
        await page.clock.install()
        await answerAsSessionFrame(page, answer)
        await openAs(page, 'alice', url)
        await page.clock.runFor(4_000)
        await expect.poll(() => readTimesAsked(page)).toBeGreaterThan(1)

        await page.evaluate((text) => postMessage(text), message)
        // The clock goes on by itself as well.
        const timesAsked = await readTimesAsked(page)
        await page.clock.runFor(4_000)
        await expect.poll(() => readTimesAsked(page)).toBeGreaterThan(timesAsked)
        await page.getByRole('button', { name: 'Call API' }).click()
        await expect(page.locator('#answer')).toContainText('client_id')
      })

    test('says when the user declines', async ({ page }) => {
      await page.goto(url)
      await page.getByRole('button', { name: 'Sign in' }).click()
      await page.getByRole('button', { name: 'Cancel' }).click()

      await expect(page.getByRole('alert')).toContainText('access_denied')
      expect(page.url()).toBe(url)
    })

    test('keeps nothing of a user who has left, however the page is left', async ({ page }) => {
      const { arrived, release } = await holdBack(page, `${simpleApi}/identity`)
      await openAs(page, 'alice', url)
      await page.getByRole('button', { name: 'Userinfo' }).click()
      await expect(page.locator('#answer')).toContainText('Alice Smith')
      await page.getByRole('button', { name: 'Call API' }).click()
      await arrived

      // What a browser does before it keeps a page for the back button.
      await page.evaluate(() => dispatchEvent(new PageTransitionEvent('pagehide')))
      await expect(page.getByRole('button', { name: 'Call API' })).toBeHidden()
      expect(await readShown(page)).toBe('')
      await release()
      expect(await readShown(page)).toBe('')

      await page.getByRole('button', { name: 'Sign in' }).click()
      await expect(page.getByRole('button', { name: 'Sign out' })).toBeVisible()
      expect(await readShown(page)).toContain('"nonce"')
      // An answer that leaves the browser where it is.
      await page.route(/\/connect\/endsession\?/, (route) => route.fulfill({ status: 204 }))
      await page.getByRole('button', { name: 'Sign out' }).click()
      await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible()
      expect(await readShown(page)).toBe('')
    })

    test('refuses an answer that nobody asked for', async ({ page }) => {
      await page.goto(`${opened}state=a&code=b&id_token=c&access_token=d`)

      await expect(page.getByRole('alert')).toHaveText('This tab has not asked for this answer.')
      expect(page.url()).toBe(url)
      await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible()
      await expectAccessible(page)
    })

    test('frees the address of the answer though the rest cannot be loaded', async ({ page }) => {
      await page.route('**/jose/**', (route) => route.abort())
      await page.goto(`${opened}state=a&code=b&id_token=c&access_token=d`)

      await expect(page.getByRole('alert')).toContainText('could not be loaded completely')
      expect(page.url()).toBe(url)
    })

    test('shows beside or before the result what is to be said of it', async ({ page }) => {
      await openAs(page, 'alice', url)
      await page.getByRole('button', { name: 'Call API' }).click()
      await expect(page.locator('#answer')).toContainText('client_id')
      await expectAccessible(page)

      const comment = page.getByRole('complementary')
      const buttons = page.getByRole('button', { name: 'Call API' })
      await page.setViewportSize({ width: 1280, height: 800 })
      await expect(comment).toBeInViewport({ ratio: 1 })
      expect((await comment.boundingBox())?.y).toBe((await buttons.boundingBox())?.y)
      await page.setViewportSize({ width: 390, height: 844 })
      const { y = 0, height = 0 } = (await comment.boundingBox()) ?? {}
      expect((await buttons.boundingBox())?.y).toBeGreaterThan(y + height)
    })
  })

test.describe('the implicit flow', () => {
  test('asks for both tokens and gets them in the fragment', async ({ page }) => {
    const asked = page.waitForRequest(/\/connect\/authorize\?/)
    const answer = readFragment(page.context())
    await openAs(page, 'alice', implicitPage)

    const { nonce, state, ...request } = readQuery((await asked).url())
    expect([nonce, state]).toEqual([randomValue, randomValue])
    expect(request).toEqual({
      client_id: 'spa-implicit',
      response_type: 'id_token token',
      redirect_uri: implicitPage,
      scope: 'openid profile scope1',
    })
    const { access_token = '', ...others } = await answer
    expect(others).toMatchObject({ token_type: 'Bearer', expires_in: '3600', state, iss: issuer })
    expect(others).toHaveProperty('session_state')
    expect(others).not.toHaveProperty('code')
    expect(await readJson(page, 'id-token')).toMatchObject({
      nonce,
      at_hash: createHash('sha256')
        .update(access_token)
        .digest()
        .subarray(0, 16)
        .toString('base64url'),
    })
  })
})

test.describe('the code flow', () => {
  test('asks with PKCE, and redeems the code in the page without a secret', async ({ page }) => {
    const asked = page.waitForRequest(/\/connect\/authorize\?/)
    const answered = page.waitForRequest(/\/code\?/)
    const redeemed = page.waitForRequest(/\/connect\/token$/)
    await openAs(page, 'alice', codePage)

    const { state, nonce, code_challenge, ...request } = readQuery((await asked).url())
    expect([state, nonce]).toEqual([randomValue, randomValue])
    expect(request).toEqual({
      client_id: 'spa-code',
      response_type: 'code',
      redirect_uri: codePage,
      scope: 'openid profile scope1 offline_access',
      code_challenge_method: 'S256',
    })
    const { code } = readQuery((await answered).url())
    const { code_verifier = '', ...grant } = readForm((await redeemed).postData())
    expect(createHash('sha256').update(code_verifier).digest('base64url')).toBe(code_challenge)
    expect(grant).toEqual({
      client_id: 'spa-code',
      grant_type: 'authorization_code',
      code,
      redirect_uri: codePage,
    })
    expect((await redeemed).headers()).not.toHaveProperty('authorization')
  })

  test('renews the access token before a call, once for all who need it', async ({ page }) => {
    await page.clock.install()
    const tokens = recordTokens(page)
    await openAs(page, 'alice', codePage)
    await page.getByRole('button', { name: 'Call API' }).click()
    await expect(page.locator('#answer')).toContainText('client_id')
    expect(tokens).toHaveLength(1)

    const answers: number[] = []
    page.on('response', (response) => {
      const isCall = response.request().headers().authorization !== undefined
      if (isCall) answers.push(response.status())
    })
    await page.clock.fastForward(20_000)
    await page.evaluate(() => {
      for (const id of ['call-api', 'userinfo', 'call-api']) document.getElementById(id)?.click()
    })
    await expect(page.locator('#access-token')).toContainText('"renewals": 1')
    await expect.poll(() => answers).toEqual([200, 200, 200])
    const [first, second, ...others] = await Promise.all(tokens)
    expect(others).toEqual([])
    expect(second?.access_token).not.toBe(first?.access_token)
    expect(second?.refresh_token).not.toBe(first?.refresh_token)
  })

  test('ends when a refresh token is used a second time', async ({ page }) => {
    await page.clock.install()
    const tokens = recordTokens(page)
    await openAs(page, 'alice', codePage)
    await page.clock.fastForward(20_000)
    await page.getByRole('button', { name: 'Call API' }).click()
    await expect(page.locator('#access-token')).toContainText('"renewals": 1')

    const { refresh_token = '' } = (await tokens[0]) ?? {}
    expect(refresh_token).toEqual(randomValue)
    const stolen = await page.request.post(`${issuer}/connect/token`, {
      form: { client_id: 'spa-code', grant_type: 'refresh_token', refresh_token },
    })
    expect(stolen.status()).toBe(400)
    expect(await stolen.json()).toMatchObject({ error: 'invalid_grant' })

    await page.clock.fastForward(20_000)
    await page.getByRole('button', { name: 'Call API' }).click()
    await expect(page.getByRole('alert')).toContainText('invalid_grant')
    await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible()
  })

  test('revokes the refresh token when the user signs out', async ({ page }) => {
    const tokens = recordTokens(page)
    await openAs(page, 'alice', codePage)
    const revoked = page.waitForRequest(/\/connect\/revocation$/)
    await page.getByRole('button', { name: 'Sign out' }).click()

    const { refresh_token = '' } = (await tokens[0]) ?? {}
    expect(readForm((await revoked).postData())).toEqual({
      client_id: 'spa-code',
      token: refresh_token,
      token_type_hint: 'refresh_token',
    })
    expect((await (await revoked).response())?.status()).toBe(200)
  })
})

test('a refresh token is revoked when the session ends in another tab', async ({ page }) => {
  await openAs(page, 'alice', codePage)
  const revoked = page.waitForRequest(/\/connect\/revocation$/)
  const other = await page.context().newPage()
  await other.goto(`${issuer}/account/logout`)
  await other.getByRole('button', { name: 'Sign out' }).click()

  expect((await (await revoked).response())?.status()).toBe(200)
})

test.describe('the browser', () => {
  test('lets only this page call the API and the token service', async ({ page }) => {
    for (const [url, method, headers] of [
      [`${simpleApi}/identity`, 'GET', 'authorization'],
      [`${issuer}/connect/userinfo`, 'GET', 'authorization'],
      [`${issuer}/connect/token`, 'POST', 'content-type'],
    ] as const)
      for (const [origin, allowed] of [
        [spaImplicit, spaImplicit],
        ['https://evil.example', undefined],
      ] as const) {
        const response = await page.request.fetch(url, {
          method: 'OPTIONS',
          headers: {
            Origin: origin,
            'Access-Control-Request-Method': method,
            'Access-Control-Request-Headers': headers,
          },
        })
        expect(response.headers()['access-control-allow-origin'], url).toBe(allowed)
        expect(response.headers()['access-control-allow-credentials'], url).toBeUndefined()
        expect(response.headers().vary, url).toContain('Origin')
      }
  })

  test('runs no script of others in it, and lets it speak with nobody else', async ({ page }) => {
    const policy = (await page.goto(codePage))?.headers()['content-security-policy']
    expect(policy?.split('; ')).toEqual(
      expect.arrayContaining([
        "default-src 'none'",
        "script-src 'self'",
        `connect-src ${issuer} ${simpleApi}`,
        `frame-src ${issuer}`,
      ]),
    )
  })

  test('gets the scripts, and not what only the type checker needs', async ({ page }) => {
    for (const [file, status] of [
      ['settings.js', 200],
      ['code.js', 200],
      ['settings.d.ts', 404],
      ['tsconfig.json', 404],
    ] as const)
      expect((await page.request.get(`${spaImplicit}/${file}`)).status(), file).toBe(status)
  })

  test('shows a way back from an address that does not exist', async ({ page }) => {
    expect((await page.goto(`${spaImplicit}/nowhere`))?.status()).toBe(404)
    await page.getByRole('main').getByRole('link', { name: 'Home' }).click()
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('spa-implicit')
    await expectAccessible(page)
  })
})

/** Opens one of the two pages and signs in on it. */
async function openAs(page: Page, username: string, url: string): Promise<void> {
  await page.goto(url)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await signIn(page, username)
  await expect(page.getByRole('button', { name: 'Call API' })).toBeVisible()
}

/** Takes the place of the token service's page, and gives every question the same answer. */
async function answerAsSessionFrame(page: Page, answer: string): Promise<void> {
  const script = `let count = 0
    addEventListener('message', ({ source, origin }) => {
      document.body.textContent = 'asked ' + ++count + ' times'
      source.postMessage('${answer}', origin)
    })`
  const body = `<!doctype html><body><script>${script}</script></body>`
  await page.route(`${issuer}/connect/checksession`, (route) =>
    route.fulfill({ contentType: 'text/html', body }),
  )
}

async function readTimesAsked(page: Page): Promise<number> {
  const asked = await page
    .frameLocator('iframe')
    .getByText(/^asked/)
    .textContent()
  return Number(asked?.match(/\d+/)?.[0])
}

/** What the token service redirects the browser to the implicit page with. */
async function readFragment(context: BrowserContext): Promise<Record<string, string>> {
  const response = await context.waitForEvent('response', (each) =>
    Boolean(each.headers().location?.startsWith(`${implicitPage}#`)),
  )
  return Object.fromEntries(readHash(response.headers().location ?? ''))
}

/** The answers of the token endpoint, from now on. */
function recordTokens(page: Page): Promise<Record<string, string>>[] {
  const tokens: Promise<Record<string, string>>[] = []
  page.on('response', (response) => {
    if (response.url() === `${issuer}/connect/token` && response.request().method() === 'POST')
      tokens.push(response.json())
  })
  return tokens
}

/**
 * Holds back the answers from an address.
 *
 * @returns When the first has been asked for, and what lets them go and waits until the page has dealt with that one.
 */
async function holdBack(page: Page, url: string) {
  const held = Promise.withResolvers<void>()
  const asked = Promise.withResolvers<void>()
  await page.route(url, async (route) => {
    asked.resolve()
    await held.promise
    await route.continue()
  })
  return {
    arrived: asked.promise,
    async release(): Promise<void> {
      const answered = page.waitForResponse(url)
      held.resolve()
      await (await answered).finished()
      // What came before it has been read when this is.
      const another = `${issuer}/.well-known/openid-configuration`
      await page.evaluate(async (url) => (await fetch(url)).text(), another)
    },
  }
}

/** All that the page has shown of the user and the tokens, be it visible or not. */
async function readShown(page: Page): Promise<string> {
  return (await page.locator('pre').allTextContents()).join('')
}

async function readJson(page: Page, id: string): Promise<unknown> {
  return JSON.parse((await page.locator(`#${id}`).textContent()) ?? '')
}

function readHash(url: string): URLSearchParams {
  return new URLSearchParams(new URL(url).hash.slice(1))
}

function readQuery(url: string): Record<string, string> {
  return Object.fromEntries(new URL(url).searchParams)
}

function readForm(body: string | null): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(body ?? ''))
}
