import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { userClients } from '../../test-support/people.ts'
import { machine } from '../../test-support/registrations.ts'
import { startSignIn } from '../../test-support/sign-in.ts'

const scope = 'openid profile email scope1'

describe('userinfo', () => {
  it('answers with the claims of the scopes, which nobody may cache', async (t) => {
    const { signInForTokens, userinfo } = await startSignIn(t)
    const { tokens } = await signInForTokens({ scope })

    const response = await userinfo(tokens.access_token)

    assert.equal(response.status, 200)
    assert.equal(response.headers.get('cache-control'), 'no-store')
    assert.deepEqual(await response.json(), {
      name: 'Alice',
      email: 'alice@example.com',
      email_verified: true,
      sub: 'alice',
    })
  })

  it('answers with no more than sub for openid alone', async (t) => {
    const { signInForTokens, userinfo } = await startSignIn(t)
    const { tokens } = await signInForTokens()

    assert.deepEqual(await (await userinfo(tokens.access_token)).json(), { sub: 'alice' })
  })

  it('answers with the claims as they are now', async (t) => {
    const { signInForTokens, userinfo, users } = await startSignIn(t)
    const { tokens } = await signInForTokens({ scope })

    users.put({ sub: 'alice', claims: { name: 'Alice Smith' } })

    const claims = await (await userinfo(tokens.access_token)).json()
    assert.deepEqual(claims, { sub: 'alice', name: 'Alice Smith' })
  })

  for (const client_id of ['web', 'reference'])
    it(`takes the token of ${client_id} in the header, of GET and of POST, and in a form`, async (t) => {
      const { signInForTokens, userinfo, request, postForm } = await startSignIn(t)
      const { access_token } = (await signInForTokens({ client_id })).tokens
      const headers = { authorization: `Bearer ${access_token}` }

      const answers = await Promise.all([
        userinfo(access_token),
        request('/connect/userinfo', { method: 'POST', headers }),
        postForm('/connect/userinfo', { access_token }),
      ])

      assert.deepEqual(
        answers.map(({ status }) => status),
        [200, 200, 200],
      )
    })

  it('does not take it from the query, where logs would keep it', async (t) => {
    const { signInForTokens, request, issuer } = await startSignIn(t)
    const { access_token } = (await signInForTokens()).tokens

    const response = await request(`/connect/userinfo?access_token=${access_token}`)

    assert.equal(response.status, 401)
    assert.equal(response.headers.get('www-authenticate'), `Bearer realm="${issuer}"`)
  })

  it('does not take it twice', async (t) => {
    const { signInForTokens, postForm } = await startSignIn(t)
    const { access_token } = (await signInForTokens()).tokens

    const response = await postForm(
      '/connect/userinfo',
      { access_token },
      { authorization: `Bearer ${access_token}` },
    )

    assert.equal(response.status, 400)
    assert.equal((await response.json()).error, 'invalid_request')
  })

  it('refuses a token that is unknown', async (t) => {
    const { userinfo } = await startSignIn(t)

    const response = await userinfo('nope')

    assert.equal(response.status, 401)
    assert.match(response.headers.get('www-authenticate') ?? '', /, error="invalid_token", /)
  })

  for (const [what, read] of [
    ['an ID Token', ({ id_token }: { id_token: string }) => id_token],
    ['a refresh token', ({ refresh_token }: { refresh_token: string }) => refresh_token],
  ] as const)
    it(`takes no ${what} for an access token`, async (t) => {
      const { signInForTokens, userinfo } = await startSignIn(t)
      const { tokens } = await signInForTokens({ scope: 'openid offline_access' })

      assert.equal((await userinfo(read(tokens))).status, 401)
    })

  for (const client_id of ['web', 'reference'])
    it(`refuses a token of ${client_id} that has expired`, async (t) => {
      const clock = { now: Date.UTC(2030, 0, 1) }
      const { signInForTokens, userinfo } = await startSignIn(t, { now: () => clock.now })
      const { tokens } = await signInForTokens({ client_id })

      clock.now += 3600 * 1000

      assert.equal((await userinfo(tokens.access_token)).status, 401)
    })

  it('refuses a token without openid, and says what is missing', async (t) => {
    const { signInForTokens, userinfo } = await startSignIn(t)
    const { tokens } = await signInForTokens({ scope: 'scope1' })

    const response = await userinfo(tokens.access_token)

    assert.equal(response.status, 403)
    assert.match(
      response.headers.get('www-authenticate') ?? '',
      /, error="insufficient_scope", .*scope="openid"/,
    )
  })

  it('refuses the token of a machine', async (t) => {
    const clients = [...userClients, { ...machine, clientId: 'alice', allowedScopes: ['scope1'] }]
    const { requestToken, userinfo } = await startSignIn(t, { clients })
    const grant_type = 'client_credentials'
    const { access_token } = await (
      await requestToken({ grant_type }, { client_id: 'alice' })
    ).json()

    assert.equal((await userinfo(access_token)).status, 403)
  })

  for (const [what, user] of [
    ['may no longer sign in', { sub: 'alice', active: false, claims: { name: 'Alice' } }],
    ['is gone', undefined],
  ] as const)
    it(`refuses a token whose user ${what}`, async (t) => {
      const { signInForTokens, userinfo, users } = await startSignIn(t)
      const { tokens } = await signInForTokens({ scope })

      if (user === undefined) users.remove('alice')
      else users.put(user)

      assert.equal((await userinfo(tokens.access_token)).status, 401)
    })
})
