import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'

import { decodeJwt } from 'jose'

import { memoryClients, userClients, webClient } from '../../test-support/people.ts'
import { startSignIn } from '../../test-support/sign-in.ts'
import { memoryStore } from '../index.ts'

const web = {
  ...webClient,
  clientId: 'web',
  clientName: 'The Web',
  clientUri: 'https://app.example',
}
const bye = 'https://app.example/bye'

const redirectUris = [
  ...webClient.redirectUris,
  ...['http://localhost:1/cb', 'https://plain.example/cb', 'http://[::1]:7000/cb'],
]

/** Clients that differ in how they are told, by name. */
const clients = memoryClients(
  { ...web, frontChannelLogoutUri: 'https://app.example/signout-oidc' },
  {
    ...webClient,
    clientId: 'query',
    redirectUris,
    frontChannelLogoutUri: 'http://localhost:1/out?a=1&b="x"',
  },
  {
    ...webClient,
    clientId: 'plain',
    redirectUris,
    frontChannelLogoutUri: 'https://plain.example/out?c=2',
    frontChannelLogoutSessionRequired: false,
  },
  { ...webClient, clientId: 'sixth', redirectUris, frontChannelLogoutUri: 'http://[::1]:7000/out' },
  { ...webClient, clientId: 'server', backChannelLogoutUri: 'https://server.example/out' },
  { ...webClient, clientId: 'untold' },
)

/** A user who has been at some clients and then signs out at the token service's own page. */
async function startSignedOut(
  t: TestContext,
  visited: readonly string[],
  setup: Parameters<typeof startSignIn>[1] = {},
) {
  const started = await startSignIn(t, { clients, ...setup })
  const signedIn = await started.signInForTokens({ client_id: visited[0] })
  for (const client_id of visited.slice(1)) await signedIn.authorize({ client_id })
  const loggedOut = await signedIn.logOut()
  const context = JSON.parse(loggedOut.body)
  const { sid } = decodeJwt(signedIn.tokens.id_token)
  const openFrames = () => signedIn.browser.open(context.told.iframePath)
  return { ...started, ...signedIn, loggedOut, context, sid: String(sid), openFrames }
}

function readFrames(html: string): string[] {
  const frames = html.matchAll(
    /<iframe src="([^"]*)" title="[^"]+" sandbox="allow-forms allow-same-origin allow-scripts" hidden><\/iframe>/g,
  )
  return [...frames].map(([, src = '']) => src.replaceAll('&quot;', '"').replaceAll('&amp;', '&'))
}

function policy(sources: string): string {
  return (
    `default-src 'none'; frame-src ${sources}; frame-ancestors 'self'; ` +
    "form-action 'none'; base-uri 'none'"
  )
}

describe('end session callback', () => {
  it('has a frame for each client of the session, with iss and sid', async (t) => {
    const { openFrames, issuer, sid } = await startSignedOut(t, ['web', 'query', 'untold'])

    const { status, headers, body } = await openFrames()

    const who = new URLSearchParams({ iss: issuer, sid })
    assert.equal(status, 200)
    assert.deepEqual(readFrames(body).sort(), [
      `http://localhost:1/out?a=1&b="x"&${who}`,
      `https://app.example/signout-oidc?${who}`,
    ])
    assert.equal(headers.get('cache-control'), 'no-store')
    assert.equal(headers.get('referrer-policy'), 'no-referrer')
    assert.equal(headers.get('x-content-type-options'), 'nosniff')
  })

  it('lets nothing be framed but the clients, and itself by nobody else', async (t) => {
    const { openFrames } = await startSignedOut(t, ['web'])

    const { headers } = await openFrames()

    assert.equal(headers.get('content-security-policy'), policy('https://app.example'))
  })

  it('names the scheme of an address that a policy cannot name', async (t) => {
    const { openFrames } = await startSignedOut(t, ['sixth'])

    const { headers } = await openFrames()

    assert.equal(headers.get('content-security-policy'), policy('http:'))
  })

  it('leaves the address as it is where the client does not want to know the session', async (t) => {
    const { openFrames } = await startSignedOut(t, ['plain'])

    const { body } = await openFrames()

    assert.deepEqual(readFrames(body), ['https://plain.example/out?c=2'])
  })

  for (const endSessionId of ['', 'unknown', 'x'.repeat(5000)])
    it(`has no frame for the id ${endSessionId.slice(0, 10)}`, async (t) => {
      const { request } = await startSignIn(t)

      const response = await request(`/connect/endsession/callback?endSessionId=${endSessionId}`)

      assert.equal(response.status, 400)
      const html = await response.text()
      assert.match(html, /no application left to tell/)
      assert.deepEqual(readFrames(html), [])
      assert.equal(response.headers.get('content-security-policy'), policy("'none'"))
    })

  it('tells clients once: who goes back later ends no session that has begun since', async (t) => {
    const { openFrames, browser, loggedOut } = await startSignedOut(t, ['web'])
    await openFrames()

    const { status } = await openFrames()

    assert.equal(status, 400)
    const { told } = JSON.parse((await browser.open(loggedOut.url)).body)
    assert.equal(told.clients.length, 1)
  })

  it('tells nobody when it comes five minutes late', async (t) => {
    const clock = { now: Date.UTC(2030, 0, 1) }
    const now = () => clock.now
    const { openFrames } = await startSignedOut(t, ['web'], { now, store: memoryStore({ now }) })
    clock.now += 5 * 60 * 1000

    assert.equal((await openFrames()).status, 400)
  })

  it('works below the path that the provider is mounted at', async (t) => {
    const setup = { basePath: '/tenant', fixedIssuer: false }
    const { openFrames, context, issuer } = await startSignedOut(t, ['web'], setup)

    const { body } = await openFrames()

    assert.match(context.told.iframePath, /^\/tenant\/connect\/endsession\/callback\?/)
    const [frame = ''] = readFrames(body)
    assert.equal(new URL(frame).searchParams.get('iss'), issuer)
  })
})

interface Named {
  readonly clientId: string
}

describe('what the page that confirms a logout is told', () => {
  it('names the clients that learn of it, whichever way', async (t) => {
    const { context } = await startSignedOut(t, ['web', 'server', 'untold'])

    const { clients, notTold, iframePath } = context.told
    const byId = (one: Named, other: Named) => one.clientId.localeCompare(other.clientId)
    assert.deepEqual(clients.sort(byId), [
      { clientId: 'server' },
      { clientId: 'web', clientName: 'The Web', clientUri: 'https://app.example' },
    ])
    assert.deepEqual(notTold, [{ clientId: 'untold' }])
    assert.match(iframePath, /^\/connect\/endsession\/callback\?endSessionId=[\w-]{43}$/)
  })

  it('does not name the client that asked among those that do not learn of it', async (t) => {
    const { signInForTokens, issuer } = await startSignIn(t, { clients })
    const { browser, logOut } = await signInForTokens({ client_id: 'untold' })
    const page = await browser.open(`${issuer}/connect/endsession?client_id=untold`)

    const { body } = await logOut(page.parameters.logoutId)

    assert.deepEqual(JSON.parse(body).told, { clients: [], notTold: [] })
  })

  for (const client of ['server', 'untold'])
    it(`has nothing for the browser to load for the client ${client}`, async (t) => {
      const { context } = await startSignedOut(t, [client])

      assert.equal('iframePath' in context.told, false)
    })

  it('leads back to the client that asked, too', async (t) => {
    const { signInForTokens, issuer } = await startSignIn(t, { clients })
    const { tokens, browser, logOut } = await signInForTokens()
    const query = new URLSearchParams({
      id_token_hint: tokens.id_token,
      post_logout_redirect_uri: bye,
    })
    const page = await browser.open(`${issuer}/connect/endsession?${query}`)

    const { body } = await logOut(page.parameters.logoutId)

    const { clientId, postLogoutRedirectUri, showSignoutPrompt, told } = JSON.parse(body)
    assert.deepEqual([clientId, postLogoutRedirectUri, showSignoutPrompt], ['web', bye, false])
    assert.equal(told.clients[0].clientId, 'web')
  })

  it('is not told to whoever prepared the logout', async (t) => {
    const { signInForTokens, openBrowser } = await startSignIn(t, { clients })
    const attacker = openBrowser()
    const prepared = await attacker.browser.open('/connect/endsession')
    const victim = await signInForTokens()

    const { url } = await victim.logOut(prepared.parameters.logoutId)

    assert.notEqual(url.searchParams.get('logoutId'), prepared.parameters.logoutId)
    const { body } = await attacker.browser.open(prepared.url)
    assert.equal('told' in JSON.parse(body), false)
  })

  it('is as before where nobody was signed in', async (t) => {
    const { openBrowser } = await startSignIn(t, { clients })
    const { browser, logOut } = openBrowser()
    const query = new URLSearchParams({ client_id: 'web', post_logout_redirect_uri: bye })
    const page = await browser.open(`/connect/endsession?${query}`)

    const { url, body } = await logOut(page.parameters.logoutId)

    assert.equal(url.searchParams.get('logoutId'), page.parameters.logoutId)
    assert.equal(JSON.parse(body).postLogoutRedirectUri, bye)
    assert.equal('told' in JSON.parse(body), false)
  })

  it('leaves out a client that is no longer registered', async (t) => {
    const registered = memoryClients(...userClients, {
      ...web,
      frontChannelLogoutUri: 'https://app.example/signout-oidc',
    })
    const { signIn } = await startSignIn(t, { clients: registered })
    const { logOut, browser } = await signIn()
    const { url } = await logOut()
    registered.put({ ...web, enabled: false })

    const { told } = JSON.parse((await browser.open(url)).body)

    assert.deepEqual(told, { clients: [], notTold: [] })
  })
})
