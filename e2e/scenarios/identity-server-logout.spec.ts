import { createHash } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'

import type { Page } from '@playwright/test'

import { expectAccessible } from '../support/accessibility.ts'
import { type Answers, type ClientOfTest, startClientOfTest } from '../support/client-of-test.ts'
import { listenForComplaints } from '../support/complaints.ts'
import { recordTraffic } from '../support/record-traffic.ts'
import { signIn } from '../support/sign-in.ts'
import { test as base, expect } from '../support/web-test.ts'

interface Setting {
  readonly issuer: string
  readonly basic: string
  readonly tokenManagement: string
  /** Plays the client that is registered with the address. */
  play(url: string, answers?: Answers): Promise<ClientOfTest>
}

/** A token service whose clients the test plays itself. */
const test = base.extend<{ setting: Setting }>({
  setting: async ({ ownServers, freshEnvironment }, use) => {
    await ownServers.start('identity-server')
    const clients: ClientOfTest[] = []
    await use({
      issuer: ownServers.identityServer,
      basic: ownServers.mvcBasic,
      tokenManagement: freshEnvironment.MVC_TOKEN_MANAGEMENT_URL ?? '',
      async play(url, answers) {
        const client = await startClientOfTest(url, answers)
        clients.push(client)
        return client
      },
    })
    await Promise.all(clients.map((client) => client.stop()))
  },
})

test.describe('front-channel logout', () => {
  test('tells each application of the session, by a frame', async ({ page, context, setting }) => {
    const { issuer, basic, tokenManagement, play } = setting
    const clients = await Promise.all([play(basic), play(tokenManagement)])
    await openSignIn(page, setting, 'mvc-basic', basic)
    await signIn(page, 'alice')
    await page.waitForURL(/\/signin-oidc\?/)
    await openSignIn(page, setting, 'mvc-token-management', tokenManagement)
    const complaints = listenForComplaints(context)
    const readTraffic = recordTraffic(context)

    await page.goto(`${issuer}/account/logout`)
    await page.getByRole('button', { name: 'Sign out' }).click()
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('You are signed out')
    await expect(page.getByRole('listitem')).toHaveText(['MVC Basic', 'MVC Token Management'])
    await page.waitForLoadState('load')

    const told = clients.map(({ requests }) => requests.filter(isLogout).map(readQuery))
    const [[first] = []] = told
    expect(first).toEqual({ iss: issuer, sid: expect.stringMatching(/^[\w-]{22}$/) })
    expect(told).toEqual([[first], [first]])

    const traffic = await readTraffic()
    const frames = traffic.find(({ url }) => url.includes('/connect/endsession/callback?'))
    const policy = frames?.responseHeaders['content-security-policy']?.split('; ')
    const [, ...sources] = policy?.find((each) => each.startsWith('frame-src'))?.split(' ') ?? []
    expect(sources.sort()).toEqual([basic, tokenManagement].sort())
    expect(policy?.filter((each) => !each.startsWith('frame-src'))).toEqual([
      "default-src 'none'",
      "frame-ancestors 'self'",
      "form-action 'none'",
      "base-uri 'none'",
    ])
    await expectAccessible(page)
    expect(complaints).toEqual([])
  })

  test('waits for an application that is slow before it goes back', async ({ page, setting }) => {
    const { issuer, basic, play } = setting
    const order: string[] = []
    await play(basic, {
      async '/signout-oidc'() {
        order.push('told')
        // Longer than the page would wait if nothing were slow.
        await setTimeout(3_000)
        order.push('heard')
        return ''
      },
      '/signout-callback-oidc'() {
        order.push('back')
        return ''
      },
    })
    await openSignIn(page, setting, 'mvc-basic', basic)
    await signIn(page, 'alice')
    await page.waitForURL(/\/signin-oidc\?/)

    const query = new URLSearchParams({
      client_id: 'mvc-basic',
      post_logout_redirect_uri: `${basic}/signout-callback-oidc`,
      state: 'the-state',
    })
    await page.goto(`${issuer}/connect/endsession?${query}`)
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.waitForURL(`${basic}/signout-callback-oidc?state=the-state`)

    expect(order).toEqual(['told', 'heard', 'back'])
  })

  test('goes back when an application is not there', async ({ page, setting }) => {
    const { issuer, basic, tokenManagement, play } = setting
    const gone = await play(tokenManagement)
    await play(basic)
    await openSignIn(page, setting, 'mvc-token-management', tokenManagement)
    await signIn(page, 'alice')
    await page.waitForURL(/\/signin-oidc\?/)
    await openSignIn(page, setting, 'mvc-basic', basic)
    await gone.stop()

    const post_logout_redirect_uri = `${basic}/signout-callback-oidc`
    const query = new URLSearchParams({ client_id: 'mvc-basic', post_logout_redirect_uri })
    await page.goto(`${issuer}/connect/endsession?${query}`)
    await page.getByRole('button', { name: 'Sign out' }).click()

    await page.waitForURL(post_logout_redirect_uri)
  })
})

test('an application can ask whether the session has changed', async ({
  page,
  context,
  setting,
}) => {
  const { issuer, basic, play } = setting
  const frame = `<iframe src="${issuer}/connect/checksession" hidden></iframe>`
  const { requests } = await play(basic, { '/check': () => frame })
  const complaints = listenForComplaints(context)
  await openSignIn(page, setting, 'mvc-basic', basic)
  await signIn(page, 'alice')
  await page.waitForURL(/\/signin-oidc\?/)
  const { session_state } = readQuery(page.url())
  await page.goto(`${basic}/check`)
  const ask = (message: string) => askFrame(page, message, issuer)

  expect(await ask(`mvc-basic ${session_state}`)).toBe('unchanged')
  expect(await ask(`mvc-par ${session_state}`)).toBe('changed')
  expect(await ask('mvc-basic')).toBe('error')

  const other = await context.newPage()
  await openSignIn(other, setting, 'mvc-basic', basic)
  expect(await ask(`mvc-basic ${session_state}`)).toBe('unchanged')

  await other.goto(`${issuer}/account/logout`)
  await other.getByRole('button', { name: 'Sign out' }).click()
  await expect(other.getByRole('heading', { level: 1 })).toHaveText('You are signed out')
  expect(await ask(`mvc-basic ${session_state}`)).toBe('changed')

  // Asking silently, the application learns that nobody is signed in, and can ask about that.
  await openSignIn(other, setting, 'mvc-basic', basic, { prompt: 'none' })
  const refusal = readQuery(other.url())
  expect(refusal.error).toBe('login_required')
  expect(await ask(`mvc-basic ${refusal.session_state}`)).toBe('unchanged')

  await openSignIn(other, setting, 'mvc-basic', basic)
  await signIn(other, 'bob')
  await other.waitForURL(/\/signin-oidc\?code=/)
  expect(await ask(`mvc-basic ${refusal.session_state}`)).toBe('changed')
  expect(await ask(`mvc-basic ${session_state}`)).toBe('changed')
  expect(await ask(`mvc-basic ${readQuery(other.url()).session_state}`)).toBe('unchanged')

  expect(requests.filter((url) => url.startsWith('/check'))).toHaveLength(1)
  expect(complaints).toEqual([])
})

/** Goes to the token service as a client sends its users there. */
async function openSignIn(
  page: Page,
  { issuer }: Setting,
  client_id: string,
  url: string,
  parameters: Readonly<Record<string, string>> = {},
): Promise<void> {
  const query = new URLSearchParams({
    client_id,
    response_type: 'code',
    redirect_uri: `${url}/signin-oidc`,
    scope: 'openid',
    code_challenge: createHash('sha256').update('v'.repeat(43)).digest('base64url'),
    code_challenge_method: 'S256',
    ...parameters,
  })
  await page.goto(`${issuer}/connect/authorize?${query}`)
}

/** Sends a message to the only frame of a page, and waits for its answer. */
function askFrame(page: Page, message: string, origin: string): Promise<unknown> {
  return page.evaluate(
    ([message, origin]) =>
      new Promise((resolve) => {
        addEventListener('message', ({ data }) => resolve(data), { once: true })
        frames[0]?.postMessage(message, origin)
      }),
    [message, origin] as const,
  )
}

function isLogout(url: string): boolean {
  return url.startsWith('/signout-oidc')
}

function readQuery(url: string): Record<string, string> {
  return Object.fromEntries(new URL(url, 'http://localhost').searchParams)
}
