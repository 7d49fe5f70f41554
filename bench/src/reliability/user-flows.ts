import { openBrowser } from './browser.ts'
import type { Flow } from './flow.ts'
import { readJson, requireOk } from './http.ts'
import { nextPerson } from './people.ts'
import {
  authorize,
  createRequest,
  readFragment,
  redeem,
  redeemSigned,
  signIn,
  signOut,
  signRequest,
} from './sign-in.ts'
import { readKeys, verifyIdToken, verifyUserTokens } from './signed-tokens.ts'

export const codeFlow: Flow = async (http) => {
  const request = createRequest('web-client')
  const { client_id } = request
  const owner = { ...request, person: nextPerson() }
  const browser = openBrowser(http)
  const code = await authorize(browser, request, owner.person)
  const tokens = readJson(await redeem(http, client_id, code))
  await verifyUserTokens(http, tokens, owner)
  const { refresh_token = '', id_token = '' } = tokens
  const form = { grant_type: 'refresh_token', refresh_token }
  const refreshed = readJson(await http.post('/connect/token', form, client_id))
  await verifyUserTokens(http, refreshed, { ...owner, nonce: undefined })
  requireOk(await http.post('/connect/revocation', { token: refresh_token }, client_id))
  readJson(await http.post('/connect/token', form, client_id), 400)
  await signOut(browser, id_token)
}

export const pushedRequest: Flow = async (http) => {
  const request = createRequest('pushing-client')
  const { client_id } = request
  const pushed = await http.post('/connect/par', request, client_id)
  const { request_uri = '' } = readJson(pushed, 201)
  const person = nextPerson()
  const code = await authorize(openBrowser(http), { client_id, request_uri }, person)
  const tokens = readJson(await redeem(http, client_id, code))
  await verifyUserTokens(http, tokens, { ...request, person })
}

export const signedRequest: Flow = async (http) => {
  const request = createRequest('signing-client')
  const person = nextPerson()
  const code = await authorize(openBrowser(http), await signRequest(http, request), person)
  await verifyUserTokens(http, await redeemSigned(http, code), { ...request, person })
}

export const hybrid: Flow = async (http) => {
  const request = { ...createRequest('hybrid-client'), response_type: 'code id_token' }
  const owner = { ...request, person: nextPerson() }
  const landing = await signIn(openBrowser(http), request, owner.person)
  const { code = '', id_token = '' } = readFragment(landing)
  await verifyIdToken(await readKeys(http), id_token, { ...owner, code })
  const tokens = readJson(await redeem(http, owner.client_id, code))
  await verifyUserTokens(http, tokens, owner)
}

export const implicit: Flow = async (http) => {
  const scope = 'openid profile scope1'
  const request = { ...createRequest('implicit-client', scope), response_type: 'id_token token' }
  const person = nextPerson()
  const landing = await signIn(openBrowser(http), request, person)
  await verifyUserTokens(http, readFragment(landing), { ...request, person })
}
