import assert from 'node:assert/strict'

import { type Browser, openBrowser } from './browser.ts'
import { type Answer, type Form, type Http, readJson } from './http.ts'
import { nextPerson } from './people.ts'
import {
  authorize,
  createRequest,
  redeem,
  redeemSigned,
  signAssertion,
  signRequest,
  wholeScope,
} from './sign-in.ts'
import { readKeys, verifyAccessToken, verifyUserTokens } from './signed-tokens.ts'
import { redirect_uri } from './token-service.ts'

/** What a client does with the token service, from beginning to end. Throws unless every answer is the right one. */
export type Flow = (http: Http) => Promise<void>

const machineRequest = { grant_type: 'client_credentials', scope: 'scope1' }

export const clientCredentials: Flow = async (http) => {
  const client_id = 'client-credentials'
  const tokens = readJson(await http.post('/connect/token', machineRequest, client_id))
  await verifyMachineToken(http, tokens, client_id)
}

export const referenceToken: Flow = async (http) => {
  const id = 'introspection'
  const tokens = readJson(await http.post('/connect/token', machineRequest, id))
  const { access_token: token = '' } = tokens
  const introspect = async () => {
    const { active, client_id, sub, scope } = readJson(
      await http.post('/connect/introspect', { token }, id),
    )
    return { active: String(active), client_id, sub, scope }
  }
  const nothing = { client_id: undefined, sub: undefined, scope: undefined }
  assert.deepEqual(await introspect(), { active: 'true', client_id: id, sub: id, scope: 'scope1' })
  isOk(await http.post('/connect/revocation', { token }, id))
  assert.deepEqual(await introspect(), { active: 'false', ...nothing })
}

export const privateKeyJwt: Flow = async (http) => {
  const form = { ...machineRequest, ...(await signAssertion(http)) }
  const tokens = readJson(await http.post('/connect/token', form))
  await verifyMachineToken(http, tokens, 'signing-client')
}

export const codeFlow: Flow = async (http) => {
  const client_id = 'web-client'
  const owner = { client_id, person: nextPerson(), scope: wholeScope }
  const browser = openBrowser(http)
  const code = await authorize(browser, createRequest(client_id), owner.person)
  const tokens = readJson(await redeem(http, client_id, code))
  await verifyUserTokens(http, tokens, owner)
  const { refresh_token = '', id_token = '' } = tokens
  const form = { grant_type: 'refresh_token', refresh_token }
  const refreshed = readJson(await http.post('/connect/token', form, client_id))
  await verifyUserTokens(http, refreshed, owner)
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
  const person = nextPerson()
  const code = await authorize(openBrowser(http), { client_id, request_uri }, person)
  const tokens = readJson(await redeem(http, client_id, code))
  await verifyUserTokens(http, tokens, { client_id, person, scope: wholeScope })
}

export const signedRequest: Flow = async (http) => {
  const owner = { client_id: 'signing-client', person: nextPerson(), scope: wholeScope }
  const code = await authorize(openBrowser(http), await signRequest(http), owner.person)
  await verifyUserTokens(http, await redeemSigned(http, code), owner)
}

export const metadata: Flow = async (http) => {
  const { issuer } = readJson(await http.request('/.well-known/openid-configuration'))
  assert.equal(issuer, http.url)
  await readKeys(http)
}

/** What machines do, which comes without a password to hash. */
export const machineFlows: readonly Flow[] = [
  clientCredentials,
  referenceToken,
  privateKeyJwt,
  metadata,
]

export const allFlows: readonly Flow[] = [...machineFlows, codeFlow, pushedRequest, signedRequest]

async function verifyMachineToken(
  http: Http,
  { access_token = '' }: Form,
  client_id: string,
): Promise<void> {
  const expected = { client_id, sub: client_id, scope: machineRequest.scope }
  await verifyAccessToken(await readKeys(http), access_token, expected)
}

function isOk({ status, body }: Answer): void {
  assert.equal(status, 200, body)
}
