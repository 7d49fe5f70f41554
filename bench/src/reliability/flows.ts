import assert from 'node:assert/strict'

import { type Browser, openBrowser } from './browser.ts'
import { type Answer, type Http, readJson } from './http.ts'
import {
  authorize,
  createRequest,
  redeem,
  redeemSigned,
  signAssertion,
  signRequest,
} from './sign-in.ts'
import { redirect_uri } from './token-service.ts'

/** What a client does with the token service, from beginning to end. Throws unless every answer is the right one. */
export type Flow = (http: Http) => Promise<void>

const machineRequest = { grant_type: 'client_credentials', scope: 'scope1' }

export const clientCredentials: Flow = async (http) => {
  const { access_token } = readJson(
    await http.post('/connect/token', machineRequest, 'client-credentials'),
  )
  assert.equal(access_token?.split('.').length, 3)
}

export const referenceToken: Flow = async (http) => {
  const { access_token: token = '' } = readJson(
    await http.post('/connect/token', machineRequest, 'introspection'),
  )
  const introspect = () => http.post('/connect/introspect', { token }, 'introspection')
  assert.equal(String(readJson(await introspect()).active), 'true')
  isOk(await http.post('/connect/revocation', { token }, 'introspection'))
  assert.equal(String(readJson(await introspect()).active), 'false')
}

export const privateKeyJwt: Flow = async (http) => {
  const form = { ...machineRequest, ...(await signAssertion(http)) }
  assert.ok(readJson(await http.post('/connect/token', form)).access_token)
}

export const codeFlow: Flow = async (http) => {
  const client_id = 'web-client'
  const browser = openBrowser(http)
  const code = await authorize(browser, createRequest(client_id))
  const tokens = readJson(await redeem(http, client_id, code))
  await callUserinfo(http, tokens.access_token)
  const { refresh_token = '', id_token = '' } = tokens
  const form = { grant_type: 'refresh_token', refresh_token }
  const refreshed = readJson(await http.post('/connect/token', form, client_id))
  await callUserinfo(http, refreshed.access_token)
  isOk(await http.post('/connect/revocation', { token: refresh_token }, client_id))
  readJson(await http.post('/connect/token', form, client_id), 400)
  await signOut(browser, id_token)
}

/** Takes the browser of a signed-in user to the end of the session. */
export async function signOut(browser: Browser, id_token: string): Promise<void> {
  const logout = { id_token_hint: id_token, post_logout_redirect_uri: redirect_uri }
  const page = await browser.open(`/connect/endsession?${new URLSearchParams(logout)}`)
  assert.equal(page.url.pathname, '/account/logged-out')
}

export const pushedRequest: Flow = async (http) => {
  const client_id = 'pushing-client'
  const pushed = await http.post('/connect/par', createRequest(client_id), client_id)
  const { request_uri = '' } = readJson(pushed, 201)
  const code = await authorize(openBrowser(http), { client_id, request_uri })
  assert.ok(readJson(await redeem(http, client_id, code)).id_token)
}

export const signedRequest: Flow = async (http) => {
  const code = await authorize(openBrowser(http), await signRequest(http))
  const { access_token } = await redeemSigned(http, code)
  await callUserinfo(http, access_token)
}

export const metadata: Flow = async (http) => {
  isOk(await http.request('/.well-known/openid-configuration'))
  isOk(await http.request('/.well-known/openid-configuration/jwks'))
}

/** What machines do, which comes without a password to hash. */
export const machineFlows: readonly Flow[] = [
  clientCredentials,
  referenceToken,
  privateKeyJwt,
  metadata,
]

export const allFlows: readonly Flow[] = [...machineFlows, codeFlow, pushedRequest, signedRequest]

async function callUserinfo(http: Http, access_token = ''): Promise<void> {
  const headers = { Authorization: `Bearer ${access_token}` }
  const { sub } = readJson(await http.request('/connect/userinfo', { headers }))
  assert.equal(sub, '1')
}

function isOk({ status, body }: Answer): void {
  assert.equal(status, 200, body)
}
