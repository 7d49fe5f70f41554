import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { memoryKeys } from '../../test-support/memory-keys.ts'
import { redirect_uri, startSignIn } from '../../test-support/sign-in.ts'
import { openKeyRing } from '../index.ts'

const refusal = 'id_token_hint is no ID Token of this issuer'

describe('id_token_hint', () => {
  it('is content with its own user, without asking', async (t) => {
    const { signInForTokens } = await startSignIn(t)
    const { tokens, authorize } = await signInForTokens()

    const { parameters } = await authorize({ id_token_hint: tokens.id_token, prompt: 'none' })

    assert.match(parameters.code ?? '', /^[\w-]{43}$/)
  })

  it('is still good when the ID Token has expired', async (t) => {
    const clock = { now: Date.UTC(2030, 0, 1) }
    const { signInForTokens } = await startSignIn(t, { now: () => clock.now })
    const { tokens, authorize } = await signInForTokens()
    clock.now += 60 * 60 * 1000

    const { parameters } = await authorize({ id_token_hint: tokens.id_token, prompt: 'none' })

    assert.match(parameters.code ?? '', /^[\w-]{43}$/)
  })

  it('says login_required for another user, when nobody may be asked', async (t) => {
    const { signInForTokens, signIn } = await startSignIn(t)
    const { tokens } = await signInForTokens()
    const { authorize } = await signIn({}, { sub: 'bob' })

    const { parameters } = await authorize({ id_token_hint: tokens.id_token, prompt: 'none' })

    assert.equal(parameters.error, 'login_required')
    assert.equal(parameters.error_description, 'another user is signed in')
  })

  it('has another user sign in, once: whoever that is, the client is answered', async (t) => {
    const { signInForTokens, signIn } = await startSignIn(t)
    const { tokens } = await signInForTokens()
    const { authorize, logIn } = await signIn({}, { sub: 'bob' })

    const page = await authorize({ id_token_hint: tokens.id_token })
    const again = await logIn(page, { sub: 'bob' })

    assert.equal(page.url.pathname, '/account/login')
    assert.equal(again.parameters.error, 'login_required')
  })

  it('names the user who then signs in', async (t) => {
    const { signInForTokens, signIn } = await startSignIn(t)
    const { tokens } = await signInForTokens()
    const { authorize, logIn } = await signIn({}, { sub: 'bob' })

    const { parameters } = await logIn(await authorize({ id_token_hint: tokens.id_token }))

    assert.match(parameters.code ?? '', /^[\w-]{43}$/)
  })

  it('is not taken from another issuer', async (t) => {
    const { openBrowser } = await startSignIn(t)
    const { signInForTokens } = await startSignIn(t)
    const { tokens } = await signInForTokens()

    const { parameters } = await openBrowser().authorize({ id_token_hint: tokens.id_token })

    assert.equal(parameters.error_description, refusal)
  })

  it('is not taken with a signature of other keys', async (t) => {
    const { openBrowser, keys, issuer } = await startSignIn(t)
    const other = (await openKeyRing({ store: memoryKeys() })).signingKey('RS256')
    const [, ...rest] = (await other.sign('JWT', { iss: issuer, sub: 'alice', aud: 'web' })).split(
      '.',
    )
    const { kid } = keys.signingKey('RS256')
    const header = Buffer.from(JSON.stringify({ alg: 'RS256', kid, typ: 'JWT' }))
    const forged = [header.toString('base64url'), ...rest].join('.')

    const { parameters } = await openBrowser().authorize({ id_token_hint: forged })

    assert.equal(parameters.error_description, refusal)
  })

  it('is not taken without a signature', async (t) => {
    const { openBrowser, issuer } = await startSignIn(t)
    const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')
    const claims = { iss: issuer, sub: 'alice', aud: 'web' }

    const { parameters } = await openBrowser().authorize({
      id_token_hint: `${encode({ alg: 'none', typ: 'JWT' })}.${encode(claims)}.`,
    })

    assert.equal(parameters.error_description, refusal)
  })

  for (const typ of ['at+jwt', 'logout+jwt', 'token-introspection+jwt'])
    it(`is not taken from a ${typ}`, async (t) => {
      const { openBrowser, keys, issuer } = await startSignIn(t)
      const claims = { iss: issuer, sub: 'alice', aud: 'web' }
      const id_token_hint = await keys.signingKey('RS256').sign(typ, claims)

      const { parameters } = await openBrowser().authorize({ id_token_hint })

      assert.equal(parameters.error_description, refusal)
    })

  it('is not taken when it is longer than 51,200 characters', async (t) => {
    const { issuer, keys, authorizeUrl } = await startSignIn(t)
    const claims = { iss: issuer, sub: 'alice', aud: 'web', x: 'x'.repeat(40_000) }
    const id_token_hint = await keys.signingKey('RS256').sign('JWT', claims)

    const response = await fetch(authorizeUrl({ id_token_hint, prompt: 'none' }), {
      redirect: 'manual',
    })

    const location = new URL(response.headers.get('location') ?? '')
    assert.equal(location.searchParams.get('error_description'), refusal)
  })
})

describe('sub in the claims parameter', () => {
  const expecting = (sub: string) => JSON.stringify({ id_token: { sub: { value: sub } } })

  it('is answered for that user alone', async (t) => {
    const { signIn } = await startSignIn(t)
    const { authorize } = await signIn()

    const same = await authorize({ claims: expecting('alice'), prompt: 'none' })
    const other = await authorize({ claims: expecting('bob'), prompt: 'none' })

    assert.match(same.parameters.code ?? '', /^[\w-]{43}$/)
    assert.equal(other.parameters.error, 'login_required')
  })

  it('must not contradict id_token_hint', async (t) => {
    const { signInForTokens } = await startSignIn(t)
    const { tokens, authorize } = await signInForTokens()

    const { url, parameters } = await authorize({
      id_token_hint: tokens.id_token,
      claims: expecting('bob'),
    })

    assert.equal(url.origin + url.pathname, redirect_uri)
    assert.equal(parameters.error_description, 'id_token_hint and claims name different users')
  })
})
