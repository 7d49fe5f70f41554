import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { legacyClients as clients } from '../../test-support/legacy-clients.ts'
import { readFormPost } from '../../test-support/read-form-post.ts'
import { type Changes, redirect_uri, startSignIn } from '../../test-support/sign-in.ts'

const withoutChallenge = { code_challenge: undefined, code_challenge_method: undefined }
const implicit = { client_id: 'implicit', nonce: 'n', ...withoutChallenge }
const hybrid = { client_id: 'hybrid', nonce: 'n' }

type Refusal = [problem: string, changes: Changes, error: string, error_description: string]

const refusals: Refusal[] = [
  ...['id_token', 'id_token token', 'token'].map(
    (response_type): Refusal => [
      `${response_type} for a client of the code flow`,
      { client_id: 'web', nonce: 'n', response_type },
      'unauthorized_client',
      'the client may not use implicit',
    ],
  ),
  ...['code id_token', 'code token', 'code id_token token'].flatMap((response_type): Refusal[] => [
    [
      `${response_type} for a client of the code flow`,
      { client_id: 'web', nonce: 'n', response_type },
      'unauthorized_client',
      'the client may not use hybrid',
    ],
    [
      `${response_type} for a client of the implicit flow`,
      { ...implicit, response_type },
      'unauthorized_client',
      'the client may not use hybrid',
    ],
    [
      `${response_type} without a code_challenge`,
      { ...hybrid, ...withoutChallenge, response_type },
      'invalid_request',
      'code_challenge is missing',
    ],
  ]),
  ...[
    ['implicit-tokenless', 'token'],
    ['implicit-tokenless', 'id_token token'],
    ['hybrid-tokenless', 'code token'],
    ['hybrid-tokenless', 'code id_token token'],
  ].map(
    ([client_id, response_type]): Refusal => [
      `${response_type} for a client that has no tokens sent through the browser`,
      { client_id, nonce: 'n', response_type },
      'unauthorized_client',
      'the client may not have access tokens sent through the browser',
    ],
  ),
  ...[
    ['implicit', 'id_token'],
    ['implicit', 'id_token token'],
    ['hybrid', 'code id_token'],
    ['hybrid', 'code id_token token'],
  ].flatMap(([client_id, response_type]): Refusal[] => [
    [
      `${response_type} without a nonce`,
      { client_id, response_type },
      'invalid_request',
      `nonce is missing, which response_type ${response_type} needs`,
    ],
    [
      `${response_type} without openid`,
      { client_id, response_type, nonce: 'n', scope: 'scope1' },
      'invalid_scope',
      `openid is missing, which response_type ${response_type} needs`,
    ],
  ]),
  [
    'an ID Token alone, with the scope of an API',
    { ...implicit, response_type: 'id_token', scope: 'openid scope1' },
    'invalid_scope',
    'there is no access token for an API with response_type id_token',
  ],
  [
    'an access token alone, with the scope of a user',
    { ...implicit, response_type: 'token', scope: 'openid scope1' },
    'invalid_scope',
    'there is no ID Token to tell of the user with response_type token',
  ],
  [
    'an ID Token alone, with claims for userinfo',
    { ...implicit, response_type: 'id_token', claims: '{"userinfo":{"name":null}}' },
    'invalid_request',
    'claims names userinfo, and response_type id_token brings no access token for it',
  ],
  [
    'nothing but offline_access in the implicit flow',
    { ...implicit, response_type: 'token', scope: 'offline_access' },
    'invalid_scope',
    'scope names nothing that can be granted',
  ],
]

describe('authorization request of a legacy response type', () => {
  for (const [problem, changes, error, error_description] of refusals)
    it(`is refused in the fragment for ${problem}`, async (t) => {
      const { openBrowser, issuer } = await startSignIn(t, { clients })

      const { url, parameters } = await openBrowser().authorize({ state: 's', ...changes })

      assert.equal(url.origin + url.pathname, redirect_uri)
      assert.equal(url.search, '')
      assert.deepEqual(parameters, { error, error_description, state: 's', iss: issuer })
    })

  for (const [client_id, response_type] of [
    ['implicit', 'id_token'],
    ['implicit', 'token'],
    ['implicit', 'token id_token'],
    ['hybrid', 'code id_token'],
    ['hybrid', 'token code'],
    ['hybrid', 'code id_token token'],
  ])
    it(`is never answered in the query, not even that it cannot be: ${response_type}`, async (t) => {
      const { openBrowser } = await startSignIn(t, { clients })

      const { url, parameters } = await openBrowser().authorize({
        client_id,
        response_type,
        nonce: 'n',
        response_mode: 'query',
      })

      assert.equal(url.search, '')
      assert.equal(parameters.error, 'invalid_request')
      assert.equal(
        parameters.error_description,
        'response_mode query is not one of fragment, form_post',
      )
    })

  it('is refused in a form when it asked for one', async (t) => {
    const { openBrowser } = await startSignIn(t, { clients })

    const { body } = await openBrowser().authorize({
      ...hybrid,
      nonce: undefined,
      response_type: 'code id_token',
      response_mode: 'form_post',
    })

    assert.equal(readFormPost(body).fields.error, 'invalid_request')
  })

  it('gives a refusal of the user in the fragment', async (t) => {
    const { openBrowser } = await startSignIn(t, { clients })
    const { authorize, cancel } = openBrowser()
    const page = await authorize({ ...implicit, response_type: 'id_token' })

    const { url, parameters } = await cancel(page)

    assert.equal(url.search, '')
    assert.equal(parameters.error, 'access_denied')
  })

  for (const [response_type, error] of [
    ['id_token', 'login_required'],
    ['id_token token', 'consent_required'],
  ])
    it(`says ${error} to prompt none in the fragment`, async (t) => {
      const { openBrowser } = await startSignIn(t, { clients })
      const { authorize, logIn } = openBrowser()
      const request = { ...implicit, client_id: 'implicit-asking', response_type }
      if (error === 'consent_required') await logIn(await authorize(request))

      const { url, parameters } = await authorize({ ...request, prompt: 'none' })

      assert.equal(url.search, '')
      assert.equal(parameters.error, error)
    })

  it('needs no PKCE of a client that is registered without', async (t) => {
    const { signIn } = await startSignIn(t, { clients })

    const { code } = await signIn({
      ...hybrid,
      ...withoutChallenge,
      client_id: 'hybrid-unprotected',
      response_type: 'code id_token',
    })

    assert.match(code, /^[\w-]{43}$/)
  })

  it('has no use for a code_challenge when it brings no code, and ignores it', async (t) => {
    const { signIn } = await startSignIn(t, { clients })

    const { landing } = await signIn({
      ...implicit,
      response_type: 'id_token',
      code_challenge: 'short',
      code_challenge_method: 'plain',
    })

    assert.deepEqual(Object.keys(landing.parameters), ['id_token', 'session_state', 'iss'])
  })

  it('tells no consent page of offline access that it cannot have', async (t) => {
    const { openBrowser } = await startSignIn(t, { clients })
    const { authorize, logIn } = openBrowser()

    const { url, body } = await logIn(
      await authorize({
        ...implicit,
        client_id: 'implicit-asking',
        response_type: 'id_token token',
        scope: 'openid offline_access',
      }),
    )

    assert.equal(url.pathname, '/consent')
    assert.equal(JSON.parse(body).offlineAccess, false)
  })
})
