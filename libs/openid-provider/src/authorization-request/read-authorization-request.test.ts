import assert from 'node:assert/strict'
import { describe, it } from 'node:test'

import { webClient } from '../../test-support/people.ts'
import { type Changes, redirect_uri, startSignIn } from '../../test-support/sign-in.ts'

const clients = [
  { ...webClient, clientId: 'web' },
  { ...webClient, clientId: 'disabled', enabled: false },
  { ...webClient, clientId: 'online', allowOfflineAccess: false },
  { ...webClient, clientId: 'unprotected', requirePkce: false },
  { ...webClient, clientId: 'signing', requireRequestObject: true },
  { ...webClient, clientId: 'pushing', requirePushedAuthorization: true },
  {
    ...webClient,
    clientId: 'machine',
    allowedGrantTypes: ['client_credentials'],
    allowedScopes: ['openid', 'scope1'],
  },
]

describe('authorization request, refused before the redirect URI is proven', () => {
  for (const [problem, changes, error] of [
    ['without a client_id', { client_id: undefined }, 'invalid_request'],
    ['of an unknown client', { client_id: 'nope' }, 'unauthorized_client'],
    ['of a disabled client', { client_id: 'disabled' }, 'unauthorized_client'],
    ['of a client whose id is too long', { client_id: 'x'.repeat(101) }, 'unauthorized_client'],
    [
      'with an unregistered redirect_uri',
      { redirect_uri: 'https://evil.example' },
      'invalid_request',
    ],
    ['by reference', { request_uri: 'https://app.example/request' }, 'request_uri_not_supported'],
    ['with a NUL', { state: 'a\0b' }, 'invalid_request'],
  ] as const)
    it(`shows the user an error page for a request ${problem}`, async (t) => {
      const { openBrowser } = await startSignIn(t, { clients })

      const { url, body } = await openBrowser().authorize(changes)

      assert.equal(url.pathname, '/error')
      assert.equal(JSON.parse(body).error, error)
    })

  for (const name of ['redirect_uri', 'state', 'client_id', 'x'])
    it(`shows the user an error page for a request with two values of ${name}`, async (t) => {
      const { openBrowser, authorizeUrl } = await startSignIn(t, { clients })
      const twice = `&${name}=a&${name}=b`

      const { url, body } = await openBrowser().browser.open(
        authorizeUrl({ [name]: undefined }) + twice,
      )

      assert.equal(url.pathname, '/error')
      assert.equal(JSON.parse(body).errorDescription, `${name} was sent twice`)
    })

  it('tells the error page the client that was claimed, and how to find the log line', async (t) => {
    const { openBrowser } = await startSignIn(t, { clients })

    const { body } = await openBrowser().authorize({ redirect_uri: 'https://evil.example' })

    const { requestId, errorDescription, clientId } = JSON.parse(body)
    assert.match(requestId, /^[\da-f-]{36}$/)
    assert.equal(errorDescription, 'redirect_uri is not one that the client registered')
    assert.equal(clientId, 'web')
  })
})

const challenge = { code_challenge: undefined, code_challenge_method: undefined }

/** In the order of the checks. */
const refusals: [problem: string, changes: Changes, error: string, error_description: string][] = [
  [
    'registration',
    { registration: '{}' },
    'registration_not_supported',
    'registration is not supported',
  ],
  [
    'no signature where one is required',
    { client_id: 'signing' },
    'invalid_request',
    'the client has to sign its requests',
  ],
  [
    'no pushed request where one is required',
    { client_id: 'pushing' },
    'invalid_request',
    'the client has to push its requests',
  ],
  ['no response_type', { response_type: undefined }, 'invalid_request', 'response_type is missing'],
  ...['none', 'code none', 'constructor', 'Code', 'code code', 'code  token'].map(
    (response_type): (typeof refusals)[number] => [
      `response_type ${response_type}`,
      { response_type },
      'unsupported_response_type',
      `response_type ${response_type} is not supported`,
    ],
  ),
  [
    'an unknown response_mode',
    { response_mode: 'web_message' },
    'invalid_request',
    'response_mode web_message is not one of query, fragment, form_post',
  ],
  [
    'a client without the code flow',
    { client_id: 'machine' },
    'unauthorized_client',
    'the client may not use authorization_code',
  ],
  ['no code_challenge', challenge, 'invalid_request', 'code_challenge is missing'],
  [
    'a code_challenge_method alone, of a client that need not have one',
    { client_id: 'unprotected', code_challenge: undefined },
    'invalid_request',
    'code_challenge is missing',
  ],
  [
    'code_challenge_method plain',
    { code_challenge_method: 'plain' },
    'invalid_request',
    'code_challenge_method is not S256',
  ],
  [
    'no code_challenge_method, which means plain',
    { code_challenge_method: undefined },
    'invalid_request',
    'code_challenge_method is not S256',
  ],
  [
    'a short code_challenge',
    { code_challenge: 'x'.repeat(42) },
    'invalid_request',
    'code_challenge is no SHA-256 in base64url',
  ],
  [
    'a long code_challenge',
    { code_challenge: 'x'.repeat(44) },
    'invalid_request',
    'code_challenge is no SHA-256 in base64url',
  ],
  [
    'a sub that may be one of several',
    { claims: JSON.stringify({ id_token: { sub: { values: ['alice', 'bob'] } } }) },
    'invalid_request',
    'claims asks for sub with other than one value',
  ],
  [
    'a sub that is no text',
    { claims: JSON.stringify({ id_token: { sub: { value: 5 } } }) },
    'invalid_request',
    'claims asks for sub with other than one value',
  ],
  ['no scope', { scope: undefined }, 'invalid_scope', 'scope is missing'],
  [
    '301 characters of scope',
    { scope: 's'.repeat(301) },
    'invalid_scope',
    'scope is longer than 300 characters',
  ],
  [
    'an unknown scope',
    { scope: 'openid nope' },
    'invalid_scope',
    'nope is unknown, or not allowed for this client',
  ],
  [
    'a scope the client is not registered for',
    { scope: 'openid phone' },
    'invalid_scope',
    'phone is unknown, or not allowed for this client',
  ],
  [
    'offline_access for a client that may not have it',
    { client_id: 'online', scope: 'openid offline_access' },
    'invalid_scope',
    'offline_access is unknown, or not allowed for this client',
  ],
  [
    'claims about the user without openid',
    { scope: 'profile' },
    'invalid_scope',
    'openid is missing, which the other identity scopes need',
  ],
  [
    'offline_access to nothing',
    { scope: 'offline_access' },
    'invalid_scope',
    'scope names nothing that can be granted',
  ],
  [
    'an unknown resource',
    { resource: 'urn:nope' },
    'invalid_target',
    'urn:nope is unknown, or has none of the scopes',
  ],
  [
    'a resource without any of the scopes',
    { scope: 'openid scope1', resource: 'urn:api2' },
    'invalid_target',
    'urn:api2 is unknown, or has none of the scopes',
  ],
  [
    '301 characters of nonce',
    { nonce: 'n'.repeat(301) },
    'invalid_request',
    'nonce is longer than 300 characters',
  ],
  ['an unknown prompt', { prompt: 'login dance' }, 'invalid_request', 'prompt dance is unknown'],
  [
    'prompt none with another',
    { prompt: 'none login' },
    'invalid_request',
    'prompt none cannot be combined',
  ],
  ...['-1', '1.5', '1e3', 'soon', '99999999999'].map((max_age): (typeof refusals)[number] => [
    `max_age ${max_age}`,
    { max_age },
    'invalid_request',
    'max_age is not a whole number of seconds',
  ]),
  [
    '301 characters of acr_values',
    { acr_values: 'a'.repeat(301) },
    'invalid_request',
    'acr_values is longer than 300 characters',
  ],
  [
    '101 characters of login_hint',
    { login_hint: 'a'.repeat(101) },
    'invalid_request',
    'login_hint is longer than 100 characters',
  ],
]

describe('authorization request, refused afterwards', () => {
  for (const [problem, changes, error, error_description] of refusals)
    it(`tells the client of ${problem}`, async (t) => {
      const { openBrowser, issuer } = await startSignIn(t, { clients })

      const landing = await openBrowser().authorize({ state: 's', ...changes })

      assert.equal(landing.url.origin + landing.url.pathname, redirect_uri)
      assert.deepEqual(landing.parameters, { error, error_description, state: 's', iss: issuer })
    })

  for (const response_type of ['code', 'nope'])
    it(`tells it in the mode it asked for, with response_type ${response_type}`, async (t) => {
      const { openBrowser } = await startSignIn(t, { clients })
      const wrong = { response_type, scope: 'nope' }

      const fragment = await openBrowser().authorize({ ...wrong, response_mode: 'fragment' })
      const page = await openBrowser().authorize({ ...wrong, response_mode: 'form_post' })

      assert.match(fragment.url.hash, /^#error=/)
      assert.match(page.body, /name="error"/)
    })
})

describe('authorization request, accepted', () => {
  it('ignores parameters and values that it need not know', async (t) => {
    const { signIn } = await startSignIn(t, { clients })

    const { code } = await signIn({
      display: 'hologram',
      claims_locales: 'de',
      x: 'y',
      toString: 'z',
    })

    assert.match(code, /^[\w-]{43}$/)
  })

  it('counts a parameter without a value as omitted', async (t) => {
    const { signIn } = await startSignIn(t, { clients })

    const { landing } = await signIn({ prompt: '', max_age: '', state: '', response_mode: '' })

    assert.deepEqual(Object.keys(landing.parameters), ['code', 'session_state', 'iss'])
  })

  it('does without openid, and then is no more than OAuth', async (t) => {
    const { signInForTokens } = await startSignIn(t, { clients })

    const { tokens } = await signInForTokens({ scope: 'scope1' })

    assert.equal(tokens.scope, 'scope1')
    assert.equal('id_token' in tokens, false)
  })

  it('tells the login page what the client says of it', async (t) => {
    const { openBrowser } = await startSignIn(t, { clients })

    const { url, body } = await openBrowser().authorize({
      scope: 'openid profile scope1 offline_access',
      login_hint: 'alice@example.com',
      ui_locales: 'de en',
      display: 'popup',
      acr_values: 'silver idp:local gold',
    })

    const { identityResources, apiScopes, apiResources, ...context } = JSON.parse(body)
    const namesOf = (all: { name: string }[]) => all.map(({ name }) => name)
    assert.equal(url.pathname, '/account/login')
    assert.deepEqual(namesOf(identityResources), ['openid', 'profile'])
    assert.deepEqual(namesOf(apiScopes), ['scope1'])
    assert.deepEqual(namesOf(apiResources), ['urn:api1'])
    assert.deepEqual(context, {
      client: { clientId: 'web', allowRememberConsent: true },
      loginHint: 'alice@example.com',
      uiLocales: ['de', 'en'],
      display: 'popup',
      acrValues: ['silver', 'gold'],
      idp: 'local',
      offlineAccess: true,
      responseOrigin: 'https://app.example',
    })
  })
})
