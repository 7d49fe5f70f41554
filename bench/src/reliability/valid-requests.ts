import { get, post, type RequestKind } from './request-kind.ts'
import { createRequest, redeemParameters, signAssertion, signRequest } from './sign-in.ts'
import { redirect_uri } from './token-service.ts'
import { validPageRequests } from './valid-page-requests.ts'
import { hybridRequest, issueCode, issueRefreshToken, pushRequest, signedIn } from './visit.ts'

const client_id = 'web-client'
const wellKnown = '/.well-known/openid-configuration'
const optionalParameters = {
  state: 's',
  nonce: 'n',
  prompt: 'none',
  max_age: '86400',
  response_mode: 'form_post',
  claims: '{"id_token":{"name":null}}',
  acr_values: 'idp:local tenant:a',
  ui_locales: 'de en',
  login_hint: 'alice',
}

const basic = (name: string) => ({ Authorization: `Basic ${btoa(`${name}:secret`)}` })
const machineRequest = { grant_type: 'client_credentials', scope: 'scope1 scope2' }

/** A request for every endpoint and page. */
export const validRequests: readonly RequestKind[] = [
  post('/connect/token', [200, '"scope":"scope1 scope2"'], () => ({
    parameters: machineRequest,
    headers: basic('introspection'),
  })),
  post('/connect/token', [200, '"id_token":'], async (visit) => ({
    parameters: redeemParameters(await issueCode(visit)),
    headers: basic(client_id),
  })),
  post('/connect/token', [200, '"refresh_token":'], async (visit) => ({
    parameters: {
      grant_type: 'refresh_token',
      refresh_token: await issueRefreshToken(visit),
      scope: 'openid',
    },
    headers: basic('pushing-client'),
  })),
  post('/connect/token', [200, '"scope":"scope3"'], async ({ http }) => ({
    parameters: {
      grant_type: 'client_credentials',
      ...(await signAssertion(http)),
      resource: 'urn:api',
    },
  })),
  post('/connect/par', [201, '"request_uri":'], () => ({
    parameters: createRequest(client_id),
    headers: basic(client_id),
  })),
  get('/connect/authorize', [200, 'name="code"'], (visit) => ({
    parameters: { ...createRequest(client_id), ...optionalParameters },
    headers: signedIn(visit),
  })),
  get('/connect/authorize', [303, `Location: ${redirect_uri}?code=`], async (visit) => ({
    parameters: { client_id: 'pushing-client', request_uri: await pushRequest(visit) },
    headers: signedIn(visit),
  })),
  post('/connect/authorize', [303, 'Location: /connect/authorize/callback?id='], async (visit) => ({
    parameters: await signRequest(visit.http),
    headers: signedIn(visit),
  })),
  get('/connect/authorize', [303, 'Location: /consent?returnUrl='], (visit) => ({
    parameters: createRequest('consent-client-0'),
    headers: signedIn(visit),
  })),
  get('/connect/authorize', [303, `Location: ${redirect_uri}#code=`], (visit) => ({
    parameters: hybridRequest,
    headers: signedIn(visit),
  })),
  get('/connect/userinfo', [200, '"sub":"1"'], ({ access_token }) => ({
    headers: { Authorization: `Bearer ${access_token}` },
  })),
  post('/connect/userinfo', [200, '"sub":"1"'], ({ access_token }) => ({
    parameters: { access_token },
  })),
  post('/connect/introspect', [200, '"active":true'], ({ access_token }) => ({
    parameters: { token: access_token, token_type_hint: 'access_token' },
    headers: basic(client_id),
  })),
  post('/connect/introspect', [200, '"scope":"scope2"'], ({ access_token }) => ({
    parameters: { token: access_token },
    headers: basic('resource1'),
  })),
  post('/connect/revocation', [200, 'Content-Length: 0'], async (visit) => ({
    parameters: { token: await issueRefreshToken(visit), token_type_hint: 'access_token' },
    headers: basic('pushing-client'),
  })),
  get('/connect/endsession', [303, 'Location: /account/logout?logoutId='], ({ id_token }) => ({
    parameters: {
      id_token_hint: id_token,
      post_logout_redirect_uri: redirect_uri,
      state: 's',
      ui_locales: 'de',
    },
  })),
  get('/connect/checksession', [200, '<script'], (visit) => ({ headers: signedIn(visit) })),
  get(wellKnown, [200, '"token_endpoint":'], () => ({
    headers: { Origin: 'http://localhost:44306' },
  })),
  get(`${wellKnown}/jwks`, [200, '"keys":']),
  get('/.well-known/oauth-authorization-server', [200, '"token_endpoint":']),
  get('/health', [200, '"status":"ok"']),
  ...validPageRequests,
]
