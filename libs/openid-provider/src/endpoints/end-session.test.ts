import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { memoryClients, userClients, webClient } from '../../test-support/people.ts'
import { startSignIn } from '../../test-support/sign-in.ts'

const bye = 'https://app.example/bye'

/** A user who is signed in, and what the logout page is told when a client sends them to sign out. */
async function startSignedIn(
  t: Parameters<typeof startSignIn>[0],
  setup: Parameters<typeof startSignIn>[1] = {},
) {
  const started = await startSignIn(t, setup)
  const signedIn = await started.signInForTokens()
  const endSession = async (parameters: Record<string, string>) => {
    const query = new URLSearchParams(parameters)
    const page = await signedIn.browser.open(`${started.issuer}/connect/endsession?${query}`)
    assert.equal(page.url.pathname, '/account/logout')
    return { page, context: JSON.parse(page.body) }
  }
  return { ...started, ...signedIn, id_token_hint: signedIn.tokens.id_token, endSession }
}

describe('end session endpoint', () => {
  it('leads back to the client, unasked, when an ID Token of the session shows that it may ask', async (t) => {
    const { endSession, id_token_hint } = await startSignedIn(t)

    const { context } = await endSession({
      id_token_hint,
      post_logout_redirect_uri: bye,
      state: 'a b&c',
    })

    assert.deepEqual(context, {
      clientId: 'web',
      postLogoutRedirectUri: `${bye}?state=a+b%26c`,
      showSignoutPrompt: false,
    })
  })

  it('takes an ID Token that has expired', async (t) => {
    const clock = { now: Date.UTC(2030, 0, 1) }
    const { endSession, id_token_hint } = await startSignedIn(t, { now: () => clock.now })
    clock.now += 60 * 60 * 1000

    const { context } = await endSession({ id_token_hint })

    assert.equal(context.showSignoutPrompt, false)
  })

  it('takes a form', async (t) => {
    const { browser, issuer, id_token_hint } = await startSignedIn(t)

    const { body } = await browser.open(`${issuer}/connect/endsession`, {
      method: 'POST',
      body: new URLSearchParams({ id_token_hint, post_logout_redirect_uri: bye }),
    })

    assert.equal(JSON.parse(body).postLogoutRedirectUri, bye)
  })

  it('asks the user when nothing shows that the client may', async (t) => {
    const { endSession } = await startSignedIn(t)

    const { context } = await endSession({ client_id: 'web', post_logout_redirect_uri: bye })

    assert.deepEqual(context, {
      clientId: 'web',
      postLogoutRedirectUri: bye,
      showSignoutPrompt: true,
    })
  })

  it('asks the user who just comes', async (t) => {
    const { endSession } = await startSignedIn(t)

    const { context } = await endSession({})

    assert.deepEqual(context, { showSignoutPrompt: true })
  })

  it('asks for no confirmation where nobody is signed in', async (t) => {
    const { openBrowser } = await startSignIn(t)

    const { body } = await openBrowser().browser.open('/connect/endsession')

    assert.deepEqual(JSON.parse(body), { showSignoutPrompt: false })
  })

  it('asks the user when the ID Token is of another session of theirs', async (t) => {
    const { endSession, signInForTokens } = await startSignedIn(t)
    const elsewhere = await signInForTokens()

    const { context } = await endSession({ id_token_hint: elsewhere.tokens.id_token })

    assert.equal(context.showSignoutPrompt, true)
  })

  it('asks the user when the ID Token is of another user', async (t) => {
    const { endSession, signInForTokens } = await startSignedIn(t)
    const bob = await signInForTokens({}, { sub: 'bob' })

    const { context } = await endSession({ id_token_hint: bob.tokens.id_token })

    assert.equal(context.showSignoutPrompt, true)
  })

  it('asks the user who is led to a logout that somebody else prepared', async (t) => {
    const { browser, signInForTokens, issuer } = await startSignedIn(t)
    const attacker = await signInForTokens({}, { sub: 'bob' })
    const { id_token } = attacker.tokens
    await attacker.logOut()
    const query = new URLSearchParams({ id_token_hint: id_token, post_logout_redirect_uri: bye })
    const prepared = await attacker.browser.open(`${issuer}/connect/endsession?${query}`)

    const { body } = await browser.open(prepared.url)

    assert.equal(JSON.parse(prepared.body).showSignoutPrompt, false)
    assert.equal(JSON.parse(body).showSignoutPrompt, true)
  })

  it('leads nowhere for a logoutId that is unknown', async (t) => {
    const { browser } = await startSignedIn(t)

    const { body } = await browser.open('/account/logout?logoutId=nope')

    assert.deepEqual(JSON.parse(body), { showSignoutPrompt: true })
  })

  for (const uri of [
    'https://app.example/BYE',
    'https://app.example/bye/',
    'https://app.example/bye?',
    'https://app.example/bye?x=y',
    'https://app.example/bye#',
    'https://app.example/bye/../evil',
    'https://app.example:443/bye',
    'https://app.example/cb',
    'https://evil.example/bye',
    'HTTPS://app.example/bye',
    '/bye',
    'javascript:alert(1)',
  ])
    it(`does not lead to ${uri}, which is not registered for it`, async (t) => {
      const { endSession, id_token_hint } = await startSignedIn(t)

      const { context } = await endSession({ id_token_hint, post_logout_redirect_uri: uri })

      assert.deepEqual(context, { clientId: 'web', showSignoutPrompt: false })
    })

  it('leads back with a state of 10,000 characters, and with a longer one nowhere', async (t) => {
    const { endSession, id_token_hint } = await startSignedIn(t)
    const wayBack = async (length: number) => {
      const state = 's'.repeat(length)
      const asked = { id_token_hint, post_logout_redirect_uri: bye, state }
      return (await endSession(asked)).context.postLogoutRedirectUri
    }

    assert.equal(await wayBack(10_000), `${bye}?state=${'s'.repeat(10_000)}`)
    assert.equal(await wayBack(10_001), undefined)
  })

  it('adds state to a query that is there', async (t) => {
    const { endSession, id_token_hint } = await startSignedIn(t)

    const { context } = await endSession({
      id_token_hint,
      post_logout_redirect_uri: `${bye}?from=here`,
      state: 's',
    })

    assert.equal(context.postLogoutRedirectUri, `${bye}?from=here&state=s`)
  })

  for (const [problem, read] of [
    ['is no ID Token', () => 'nope'],
    ['is an access token', ({ access_token }: { access_token: string }) => access_token],
  ] as const)
    it(`leads nowhere, and asks, when the hint ${problem}`, async (t) => {
      const { endSession, tokens } = await startSignedIn(t)

      const { context } = await endSession({
        id_token_hint: read(tokens),
        client_id: 'web',
        post_logout_redirect_uri: bye,
      })

      assert.deepEqual(context, { showSignoutPrompt: true })
    })

  it('leads nowhere, and asks, when the hint is of another issuer', async (t) => {
    const { endSession } = await startSignedIn(t)
    const elsewhere = await startSignedIn(t)

    const { context } = await endSession({
      id_token_hint: elsewhere.id_token_hint,
      post_logout_redirect_uri: bye,
    })

    assert.deepEqual(context, { showSignoutPrompt: true })
  })

  it('leads nowhere, and asks, when hint and client_id name different clients', async (t) => {
    const { endSession, id_token_hint } = await startSignedIn(t)

    const { context } = await endSession({
      id_token_hint,
      client_id: 'other',
      post_logout_redirect_uri: bye,
    })

    assert.deepEqual(context, { showSignoutPrompt: true })
  })

  it('leads nowhere for a client that is no longer there', async (t) => {
    const clients = memoryClients(...userClients)
    const { endSession, id_token_hint } = await startSignedIn(t, { clients })
    clients.put({ ...webClient, clientId: 'web', enabled: false })

    const { context } = await endSession({ id_token_hint, post_logout_redirect_uri: bye })

    assert.deepEqual(context, { showSignoutPrompt: true })
  })

  it('gives the page a reference, and nothing of the request', async (t) => {
    const { endSession, id_token_hint } = await startSignedIn(t)

    const { page } = await endSession({ id_token_hint, post_logout_redirect_uri: bye })

    assert.match(page.url.search, /^\?logoutId=[\w-]{43}$/)
  })
})
