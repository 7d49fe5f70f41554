import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { decodeJwt } from 'jose'

import { type Changes, startSignIn } from '../../test-support/sign-in.ts'

const email = { email: null }

/** What the user's claims are, by ID Token and by userinfo. */
async function releasedClaims(
  { signInForTokens, userinfo }: Awaited<ReturnType<typeof startSignIn>>,
  claims: object,
  changes: Changes = {},
) {
  const { tokens } = await signInForTokens({ claims: JSON.stringify(claims), ...changes })
  const { sub: _sub, ...atUserinfo } = await (await userinfo(tokens.access_token)).json()
  return { id_token: decodeJwt(tokens.id_token), userinfo: atUserinfo }
}

describe('claims parameter', () => {
  it('brings a claim to the ID Token', async (t) => {
    const released = await releasedClaims(await startSignIn(t), { id_token: email })

    assert.equal(released.id_token.email, 'alice@example.com')
    assert.deepEqual(released.userinfo, {})
  })

  it('brings a claim to userinfo', async (t) => {
    const released = await releasedClaims(await startSignIn(t), { userinfo: email })

    assert.equal('email' in released.id_token, false)
    assert.deepEqual(released.userinfo, { email: 'alice@example.com' })
  })

  it('still does after a refresh', async (t) => {
    const { signInForTokens, refresh, userinfo } = await startSignIn(t)
    const claims = JSON.stringify({ userinfo: email, id_token: { name: { essential: true } } })
    const { tokens } = await signInForTokens({ claims, scope: 'openid offline_access' })

    const renewed = await (await refresh(tokens.refresh_token)).json()

    assert.equal(decodeJwt(renewed.id_token).name, 'Alice')
    assert.equal((await (await userinfo(renewed.access_token)).json()).email, 'alice@example.com')
  })

  for (const name of ['phone_number', 'role', '__proto__', 'constructor'])
    it(`brings no ${name}, which no scope of the client has`, async (t) => {
      const started = await startSignIn(t)
      const claims = { phone_number: '+49', role: 'admin', name: 'Alice' }
      started.users.put({ sub: 'alice', claims })
      const asked = JSON.parse(`{"${name}": null}`)

      const released = await releasedClaims(started, { id_token: asked, userinfo: asked })

      assert.equal(Object.hasOwn(released.id_token, name), false)
      assert.deepEqual(released.userinfo, {})
    })

  for (const name of ['acr', 'auth_time', 'iss', 'exp', 'nonce', 'at_hash', 'sid', 'scope'])
    it(`takes no ${name} from the user's claims`, async (t) => {
      const resources = {
        identityResources: [{ name: 'openid', userClaims: ['sub', name] }],
        apiScopes: [],
        apiResources: [],
      }
      const started = await startSignIn(t, { resources })
      started.users.put({ sub: 'alice', claims: { [name]: 'forged' } })

      const released = await releasedClaims(started, { id_token: { [name]: null } })

      assert.notEqual(released.id_token[name], 'forged')
      assert.equal(Object.values(released.userinfo).includes('forged'), false)
    })

  it('brings nothing that the user did not let go on the consent page', async (t) => {
    const { openBrowser, redeem, userinfo } = await startSignIn(t)
    const { authorize, logIn, consent } = openBrowser()
    const claims = JSON.stringify({ id_token: email, userinfo: { ...email, name: null } })
    const request = { client_id: 'asking', scope: 'openid email profile', claims }

    const page = await logIn(await authorize(request))
    const { parameters } = await consent(page, { scopes: ['openid', 'profile'] })
    const tokens = await (await redeem(parameters.code ?? '', {}, 'asking')).json()

    assert.equal('email' in decodeJwt(tokens.id_token), false)
    assert.deepEqual(await (await userinfo(tokens.access_token)).json(), {
      sub: 'alice',
      name: 'Alice',
    })
  })

  for (const [problem, claims] of [
    ['no JSON', '{'],
    ['an array', '[]'],
    ['null', 'null'],
    ['a place that is no object', '{"userinfo": ["email"]}'],
    ['a claim that is neither null nor an object', '{"id_token": {"email": true}}'],
  ] as const)
    it(`is refused when it is ${problem}`, async (t) => {
      const { openBrowser } = await startSignIn(t)

      const { parameters } = await openBrowser().authorize({ claims })

      assert.equal(parameters.error, 'invalid_request')
      assert.equal(
        parameters.error_description,
        'claims is not the JSON that OIDC Core 5.5 describes',
      )
    })

  it('is refused when it is longer than 4000 characters', async (t) => {
    const { openBrowser } = await startSignIn(t)

    const { parameters } = await openBrowser().authorize({ claims: `"${'x'.repeat(3999)}"` })

    assert.equal(parameters.error_description, 'claims is longer than 4000 characters')
  })

  it('fails a login that has to have an acr, and only then', async (t) => {
    const { openBrowser } = await startSignIn(t)
    const withAcr = (acr: object) => ({ claims: JSON.stringify({ id_token: { acr } }) })

    const essential = await openBrowser().authorize(withAcr({ essential: true, values: ['gold'] }))
    const wished = await openBrowser().authorize(withAcr({ values: ['gold'] }))

    assert.equal(essential.parameters.error, 'access_denied')
    assert.equal(wished.url.pathname, '/account/login')
  })
})
