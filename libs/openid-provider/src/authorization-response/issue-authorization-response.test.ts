import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { describe, it } from 'node:test'
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose'
import type { Landing } from '../../test-support/browser.ts'

import { collectLogs } from '../../test-support/collect-logs.ts'
import { interruptedStore } from '../../test-support/interrupted-store.ts'
import { legacyClients as clients } from '../../test-support/legacy-clients.ts'
import { alice, type memoryUsers, userResources } from '../../test-support/people.ts'
import { readFormPost } from '../../test-support/read-form-post.ts'
import { redirect_uri, startSignIn } from '../../test-support/sign-in.ts'
import { memoryStore } from '../index.ts'

const now = Date.UTC(2030, 0, 1)

const fail = () => {
  throw new Error('the disk is full')
}
const iat = now / 1000

/** As OIDC Core §3.3.2.11 describes it, for RS256. */
const leftHalf = (text: string) =>
  hash('sha256', text, 'buffer').subarray(0, 16).toString('base64url')

/** The claims of a JWT that the published keys verify. */
async function verify(jwt = '', typ: string, issuer: string) {
  const jwks = createRemoteJWKSet(new URL(`${issuer}/.well-known/openid-configuration/jwks`))
  return (await jwtVerify(jwt, jwks, { typ, currentDate: new Date(now) })).payload
}

/** What each response type returns, for which client and scope. */
const responseTypes = [
  ['id_token', 'implicit', 'openid'],
  ['id_token token', 'implicit', 'openid scope1'],
  ['token', 'implicit', 'scope1'],
  ['code id_token', 'hybrid', 'openid scope1'],
  ['code token', 'hybrid', 'openid scope1'],
  ['code id_token token', 'hybrid', 'openid scope1'],
  ['token code id_token', 'hybrid', 'openid scope1'],
] as const

describe('authorization response with tokens', () => {
  for (const [response_type, client_id, scope] of responseTypes) {
    const words = new Set(response_type.split(' '))
    const request = { client_id, response_type, scope, nonce: 'n-1', state: 's' }

    for (const response_mode of [undefined, 'fragment', 'form_post'])
      it(`has what ${response_type} asks for, as ${response_mode ?? 'fragment by default'}`, async (t) => {
        const { signIn, issuer } = await startSignIn(t, { clients })

        const { landing } = await signIn({ ...request, response_mode })

        const form = response_mode === 'form_post' ? readFormPost(landing.body) : undefined
        const { code, access_token, id_token, session_state, ...rest } =
          form?.fields ?? landing.parameters
        assert.equal(landing.status, form === undefined ? 303 : 200)
        assert.equal(form?.action ?? landing.url.href.split('#')[0], redirect_uri)
        assert.equal(code !== undefined, words.has('code'))
        assert.equal(access_token !== undefined, words.has('token'))
        assert.equal(id_token !== undefined, words.has('id_token'))
        assert.equal(session_state !== undefined, scope.startsWith('openid'))
        assert.deepEqual(rest, {
          ...(words.has('token') && { token_type: 'Bearer', expires_in: '3600', scope }),
          state: 's',
          iss: issuer,
        })
      })

    if (words.has('token'))
      it(`has the user's access token, as ${response_type}`, async (t) => {
        const { signIn, issuer } = await startSignIn(t, { clients, now: () => now })

        const { landing } = await signIn(request)

        const claims = await verify(landing.parameters.access_token, 'at+jwt', issuer)
        const { sub, client_id: client, aud, scope: granted, exp } = claims
        assert.deepEqual(
          { sub, client, aud, granted, exp },
          { sub: 'alice', client: client_id, aud: 'urn:api1', granted: scope, exp: iat + 3600 },
        )
      })

    if (words.has('id_token'))
      it(`has an ID Token with the hashes of the rest, as ${response_type}`, async (t) => {
        const { signIn, issuer } = await startSignIn(t, { clients, now: () => now })

        const { landing } = await signIn(request)

        const { code, access_token, id_token } = landing.parameters
        const { sid, ...claims } = await verify(id_token, 'JWT', issuer)
        assert.match(String(sid), /^[\w-]{22}$/)
        assert.deepEqual(claims, {
          iss: issuer,
          aud: client_id,
          sub: 'alice',
          nbf: iat,
          iat,
          exp: iat + 300,
          auth_time: iat,
          idp: 'local',
          amr: ['pwd'],
          nonce: 'n-1',
          ...(access_token !== undefined && { at_hash: leftHalf(access_token) }),
          ...(code !== undefined && { c_hash: leftHalf(code) }),
        })
      })
  }

  it('hands what the user answered to the client, too', async (t) => {
    const { openBrowser } = await startSignIn(t, { clients })
    const { authorize, logIn, consent } = openBrowser()
    const request = {
      client_id: 'implicit-asking',
      response_type: 'id_token token',
      nonce: 'n',
      scope: 'openid scope1 scope2',
    }

    const page = await logIn(await authorize(request))
    const { parameters } = await consent(page, { scopes: ['openid', 'scope2'] })

    assert.equal(parameters.scope, 'openid scope2')
    assert.equal(decodeJwt(parameters.access_token ?? '').scope, 'openid scope2')
  })

  it('is refused when the user unticked openid, which the ID Token needs', async (t) => {
    const openid = { name: 'openid', userClaims: ['sub'] }
    const resources = { ...userResources, identityResources: [openid] }
    const { openBrowser } = await startSignIn(t, { clients, resources })
    const { authorize, logIn, consent } = openBrowser()
    const scope = 'openid scope1'
    const request = { client_id: 'implicit-asking', response_type: 'id_token token', nonce: 'n' }

    const page = await logIn(await authorize({ ...request, scope }))
    const { parameters } = await consent(page, { scopes: ['scope1'] })

    assert.equal(parameters.error, 'access_denied')
    assert.equal(parameters.error_description, 'the user consented to too little')
  })

  it('tells the client when no algorithm fits the APIs that its token is for', async (t) => {
    const [api1, api2] = userResources.apiResources.map((api, index) => ({
      ...api,
      allowedAccessTokenSigningAlgorithms: [index === 0 ? 'ES256' : 'RS256'],
    }))
    const apiResources = [api1, api2].flatMap((api) => api ?? [])
    const resources = { ...userResources, apiResources }
    const { signIn } = await startSignIn(t, { clients, resources })

    const { landing } = await signIn({
      client_id: 'implicit',
      response_type: 'token',
      scope: 'scope1 scope2',
    })

    assert.equal(landing.url.origin + landing.url.pathname, redirect_uri)
    assert.equal(landing.parameters.error, 'invalid_target')
  })

  for (const [what, change] of [
    ['removed', (users) => users.remove('alice')],
    ['disabled', (users) => users.put({ ...alice, active: false })],
  ] as [string, (users: ReturnType<typeof memoryUsers>) => void][])
    it(`has no token of a user who was ${what} meanwhile`, async (t) => {
      const { store, before } = interruptedStore(memoryStore())
      const { signIn, users } = await startSignIn(t, { clients, store })
      before('get', 'session_client', () => change(users))

      const { landing } = await signIn({
        client_id: 'hybrid',
        response_type: 'code id_token token',
        nonce: 'n',
        state: 's',
      })

      const { error, state, ...rest } = landing.parameters
      assert.deepEqual([error, state], ['access_denied', 's'])
      assert.deepEqual(Object.keys(rest), ['error_description', 'session_state', 'iss'])
    })

  it('has a token for the API that the request names', async (t) => {
    const { signIn } = await startSignIn(t, { clients })

    const { landing } = await signIn({
      client_id: 'implicit',
      response_type: 'token',
      scope: 'scope1 scope2',
      resource: 'urn:api2',
    })

    const { aud, scope } = decodeJwt(landing.parameters.access_token ?? '')
    assert.deepEqual([aud, scope, landing.parameters.scope], ['urn:api2', 'scope2', 'scope2'])
  })

  it('tells the host of the token, and not the token', async (t) => {
    const { signIn, events } = await startSignIn(t, { clients })
    const told: unknown[] = []
    events.on('tokenIssued', (event) => told.push(event))

    const request = { client_id: 'implicit', response_type: 'token', scope: 'scope1' }
    const { landing } = await signIn(request)

    const { jti } = decodeJwt(landing.parameters.access_token ?? '')
    const [grant_id] = jti?.split('.') ?? []
    const token = { client_id: 'implicit', grant_type: 'implicit', scope: 'scope1', grant_id }
    assert.deepEqual(told, [token])
  })

  for (const [what, method, type, response_type] of [
    ['the code cannot be stored', 'store', 'authorization_code', 'code token'],
    ['the session cannot be looked up', 'getAll', 'login_session', 'code token'],
    ['the ID Token cannot be signed', undefined, undefined, 'code id_token token'],
  ] as const)
    it(`leaves nothing behind when ${what}`, async (t) => {
      const { store, before } = interruptedStore(memoryStore())
      const { signIn, keys, events } = await startSignIn(t, { clients, store })
      const { authorize } = await signIn({ client_id: 'web', state: 's' })
      events.on('authorizationGranted', () => assert.fail('nothing was granted'))
      await store.removeAll({ type: 'authorization_code' })
      const { signingKey } = keys
      t.after(() => {
        keys.signingKey = signingKey
      })
      if (method === undefined) keys.signingKey = fail
      else before(method, type, fail)

      const { body } = await authorize({ client_id: 'hybrid-reference', response_type, nonce: 'n' })

      assert.equal(JSON.parse(body).error, 'server_error')
      assert.deepEqual(await store.getAll({ type: ['authorization_code', 'reference_token'] }), [])
    })

  it('that fails leaves it known that the client knows of the session, since another tab may have its tokens', async (t) => {
    const { store, before } = interruptedStore(memoryStore())
    const { signIn } = await startSignIn(t, { clients, store })
    const { authorize } = await signIn({ client_id: 'web' })
    const request = { client_id: 'hybrid', response_type: 'code id_token', nonce: 'n' }
    const otherTab: Landing[] = []
    before('store', 'authorization_code', async () => {
      otherTab.push(await authorize(request))
      fail()
    })

    const { body } = await authorize(request)

    assert.equal(JSON.parse(body).error, 'server_error')
    assert.notEqual(otherTab[0]?.parameters.code, undefined)
    const known = await store.getAll({ type: 'session_client', client_id: 'hybrid' })
    assert.equal(known.length, 1)
  })

  it('logs what it has to leave behind, and the first failure is what is told', async (t) => {
    const { store, before } = interruptedStore(memoryStore())
    const { logger, lines } = collectLogs()
    const { signIn } = await startSignIn(t, { clients, store, logger })
    const { authorize } = await signIn({ client_id: 'web' })
    before('store', 'authorization_code', fail)
    store.removeAll = () => {
      throw new Error('still full')
    }

    await authorize({ client_id: 'hybrid-reference', response_type: 'code token', nonce: 'n' })

    const said = lines.map(({ level, fields }) => [level, (fields.err as Error)?.message])
    assert.deepEqual(
      said.filter(([level]) => level !== 'info'),
      [
        ['warn', 'still full'],
        ['error', 'the disk is full'],
      ],
    )
  })

  it('renews without the user, who is signed in', async (t) => {
    const { signIn } = await startSignIn(t, { clients })
    const request = { client_id: 'implicit', response_type: 'id_token token', nonce: 'n' }
    const { landing, authorize } = await signIn(request)

    const renewed = await authorize({ ...request, nonce: 'n-2', prompt: 'none' })

    assert.notEqual(renewed.parameters.access_token, landing.parameters.access_token)
    assert.equal(decodeJwt(renewed.parameters.id_token ?? '').nonce, 'n-2')
  })
})

describe('claims of the user in a front-channel ID Token', () => {
  const request = { nonce: 'n', scope: 'openid profile email' }
  const profile = { name: 'Alice', email: 'alice@example.com', email_verified: true }
  const select = ({ name, email, email_verified }: Record<string, unknown>) => ({
    ...(name !== undefined && { name }),
    ...(email !== undefined && { email, email_verified }),
  })

  it('are there when no access token comes to ask for them with', async (t) => {
    const { signIn } = await startSignIn(t, { clients })

    const { landing } = await signIn({
      ...request,
      client_id: 'implicit',
      response_type: 'id_token',
    })

    assert.deepEqual(select(decodeJwt(landing.parameters.id_token ?? '')), profile)
  })

  for (const [client_id, response_type] of [
    ['implicit', 'id_token token'],
    ['hybrid', 'code id_token'],
    ['hybrid', 'code id_token token'],
  ])
    it(`are left to userinfo with ${response_type}`, async (t) => {
      const { signIn } = await startSignIn(t, { clients })

      const { landing } = await signIn({ ...request, client_id, response_type })

      assert.deepEqual(select(decodeJwt(landing.parameters.id_token ?? '')), {})
    })

  it('are there as well for a client that is registered so', async (t) => {
    const { signIn } = await startSignIn(t, { clients })

    const { landing } = await signIn({
      ...request,
      client_id: 'hybrid-verbose',
      response_type: 'code id_token',
    })

    assert.deepEqual(select(decodeJwt(landing.parameters.id_token ?? '')), profile)
  })

  it('can be asked for one by one', async (t) => {
    const { signIn } = await startSignIn(t, { clients })

    const { landing } = await signIn({
      nonce: 'n',
      client_id: 'hybrid',
      response_type: 'code id_token',
      claims: JSON.stringify({ id_token: { name: null } }),
    })

    assert.deepEqual(select(decodeJwt(landing.parameters.id_token ?? '')), { name: 'Alice' })
  })
})
