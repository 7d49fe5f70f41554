import { openBrowser, readHiddenFields } from './browser.ts'
import { type Http, readJson } from './http.ts'
import {
  authorize,
  createRequest,
  redeem,
  redeemParameters,
  signAssertion,
  signRequest,
} from './sign-in.ts'
import { redirect_uri } from './token-service.ts'

/** A request that is in order, until something is done to it. */
export interface ValidRequest {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly parameters: readonly [name: string, value: string][]
  readonly headers: readonly [name: string, value: string][]
}

type Headers = Readonly<Record<string, string>>

/** A request for every endpoint and page, with handles, tokens and cookies that are good. */
export async function createValidRequests(http: Http): Promise<readonly ValidRequest[]> {
  const client_id = 'web-client'
  const browser = openBrowser(http)
  const getCode = () => authorize(browser, createRequest(client_id))
  const tokens = readJson(await redeem(http, client_id, await getCode()))
  const { access_token = '', refresh_token = '', id_token = '' } = tokens
  const pushed = await http.post('/connect/par', createRequest('pushing-client'), 'pushing-client')
  const { request_uri = '' } = readJson(pushed, 201)
  const signedIn = { Cookie: browser.cookies() }
  const basic = { Authorization: `Basic ${btoa(`${client_id}:secret`)}` }
  const bearer = { Authorization: `Bearer ${access_token}` }
  const machine = { Authorization: `Basic ${btoa('introspection:secret')}` }
  const wellKnown = '/.well-known/openid-configuration'

  return [
    post('/connect/token', { grant_type: 'client_credentials', scope: 'scope1 scope2' }, machine),
    post('/connect/token', redeemParameters(await getCode()), basic),
    post('/connect/token', { grant_type: 'refresh_token', refresh_token, scope: 'openid' }, basic),
    post('/connect/token', {
      grant_type: 'client_credentials',
      ...(await signAssertion(http)),
      resource: 'urn:resource1',
    }),
    post('/connect/par', createRequest(client_id), basic),
    get('/connect/authorize', { ...createRequest(client_id), ...optionalParameters }, signedIn),
    get('/connect/authorize', { client_id: 'pushing-client', request_uri }, signedIn),
    post('/connect/authorize', await signRequest(http), signedIn),
    get('/connect/authorize', createRequest('consent-client-0'), signedIn),
    get('/connect/authorize', createRequest('mvc-hybrid'), signedIn),
    get('/connect/userinfo', {}, bearer),
    post('/connect/userinfo', { access_token }),
    post('/connect/introspect', { token: access_token, token_type_hint: 'access_token' }, basic),
    post('/connect/revocation', { token: access_token, token_type_hint: 'refresh_token' }, basic),
    get('/connect/endsession', {
      id_token_hint: id_token,
      post_logout_redirect_uri: redirect_uri,
      state: 's',
      ui_locales: 'de',
    }),
    get('/connect/checksession', {}, signedIn),
    get(wellKnown, {}, { Origin: 'http://localhost:44306' }),
    get(`${wellKnown}/jwks`, {}),
    get('/.well-known/oauth-authorization-server', {}),
    get('/health', {}),
    ...(await createPageRequests(http, signedIn)),
  ]
}

/** The pages of the token service, and their forms with what proves that it made them. */
async function createPageRequests(http: Http, signedIn: Headers): Promise<readonly ValidRequest[]> {
  const browser = openBrowser(http)
  const request = new URLSearchParams(createRequest('web-client'))
  const page = await browser.open(`/connect/authorize?${request}`)
  const hidden = Object.fromEntries(readHiddenFields(page.body))
  const { returnUrl = '' } = hidden
  const callback = new URL(returnUrl, http.url)
  const stranger = { Cookie: browser.cookies() }
  const both = { Cookie: `${browser.cookies()}; ${signedIn.Cookie}` }
  const form = { ...hidden, button: 'yes' }

  return [
    get(callback.pathname, Object.fromEntries(callback.searchParams), both),
    get('/connect/endsession/callback', { logoutId: 'x' }, both),
    get('/account/login', { returnUrl }, stranger),
    post(
      '/account/login',
      { ...hidden, username: 'bob', password: 'wrong', rememberLogin: 'true', button: 'login' },
      stranger,
    ),
    get('/consent', { returnUrl }, both),
    post(
      '/consent',
      { ...form, scopes: 'openid', rememberConsent: 'true', description: 'd' },
      both,
    ),
    get('/account/logout', { logoutId: 'x' }, both),
    post('/account/logout', { ...form, logoutId: 'x' }, stranger),
    get('/account/logged-out', { logoutId: 'x' }, both),
    get('/error', { errorId: 'x' }, both),
    get('/grants', {}, both),
    post('/grants', { ...form, clientId: 'web-client' }, both),
    get('/diagnostics', {}, both),
    get('/', {}, both),
  ]
}

const optionalParameters = {
  state: 's',
  nonce: 'n',
  prompt: 'none',
  max_age: '60',
  response_mode: 'form_post',
  claims: '{"id_token":{"name":null}}',
  acr_values: 'idp:local tenant:a',
  ui_locales: 'de en',
  login_hint: 'alice',
}

function get(path: string, parameters: Headers, headers: Headers = {}): ValidRequest {
  return create('GET', path, parameters, headers)
}

function post(path: string, parameters: Headers, headers: Headers = {}): ValidRequest {
  return create('POST', path, parameters, headers)
}

function create(
  method: 'GET' | 'POST',
  path: string,
  parameters: Headers,
  headers: Headers,
): ValidRequest {
  return { method, path, parameters: Object.entries(parameters), headers: Object.entries(headers) }
}
