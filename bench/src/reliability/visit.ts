import { decodeJwt } from 'jose'

import { type Browser, openBrowser, readHiddenFields } from './browser.ts'
import { type Form, type Http, readJson } from './http.ts'
import { alice, bob, type Person } from './people.ts'
import { authorize, createRequest, redeem, signIn } from './sign-in.ts'
import { redirect_uri } from './token-service.ts'

/** Alice, with the browser in which she is signed in. */
export interface Visitor {
  readonly http: Http
  readonly browser: Browser
  /** Proves that a form was made for this browser. */
  readonly csrf: string
  /** Of a session that has ended, and good for an hour: {@link endSession} takes a password to hash. */
  readonly logoutId: string
}

/** What a client has got for her. */
export interface Visit extends Visitor {
  readonly access_token: string
  readonly id_token: string
}

/** Without a refresh token: a user's would become more and more. */
const tokenRequest = createRequest('web-client', 'openid profile scope1 scope2')

/** For a client that is told of a logout by the browser. */
export const hybridRequest = {
  ...createRequest('hybrid-client'),
  response_type: 'code id_token',
}

/** Signs Alice in with a new browser. */
export async function openVisitor(http: Http): Promise<Visitor> {
  const browser = openBrowser(http)
  await authorize(browser, tokenRequest, alice)
  const { csrf } = await openLogout(browser)
  return { http, browser, csrf, logoutId: await endSession(http) }
}

/** Gets new tokens, for which the visitor signs in again if she was signed out. */
export async function createVisit(visitor: Visitor): Promise<Visit> {
  const code = await authorize(visitor.browser, tokenRequest, alice)
  const tokens = readJson(await redeem(visitor.http, 'web-client', code))
  const { access_token = '', id_token = '' } = tokens
  return { ...visitor, access_token, id_token }
}

export function signedIn({ browser }: Pick<Visit, 'browser'>): Form {
  return { Cookie: browser.cookies() }
}

export function issueCode({ browser }: Visit): Promise<string> {
  return authorize(browser, tokenRequest, alice)
}

/** @returns a `request_uri` of `pushing-client` */
export async function pushRequest({ http }: Visit): Promise<string> {
  const pushed = await http.post('/connect/par', createRequest('pushing-client'), 'pushing-client')
  return readJson(pushed, 201).request_uri ?? ''
}

/** One of `pushing-client`, and none when what it was granted is taken back at this very moment. */
export async function issueRefreshToken(visit: Visit): Promise<string> {
  const client_id = 'pushing-client'
  const request_uri = await pushRequest(visit)
  const code = await authorize(visit.browser, { client_id, request_uri }, alice)
  const answer = await redeem(visit.http, client_id, code)
  return answer.status === 200 ? (readJson(answer).refresh_token ?? '') : ''
}

/** @returns the `returnUrl` of a request that waits for whoever signs in */
export async function waitForUser({ http }: Visit, client_id: string): Promise<string> {
  const location = await readLocation(http, createRequest(client_id))
  return location.searchParams.get('returnUrl') ?? ''
}

/** @returns the `errorId` of a request that cannot be answered to its client */
export async function requestInError({ http }: Visit): Promise<string> {
  const location = await readLocation(http, createRequest('nobody'))
  return location.searchParams.get('errorId') ?? ''
}

/** The login page in a new browser, with its form. */
export async function openLogin({ http }: Visit) {
  const browser = openBrowser(http)
  const request = new URLSearchParams(createRequest('web-client'))
  const { body } = await browser.open(`/connect/authorize?${request}`)
  return { browser, form: readFields(body) }
}

/** Signs somebody in with a new browser, for a client that is told of a logout by it. */
export async function openHybridSession(http: Http, person: Person) {
  const browser = openBrowser(http)
  const { url } = await signIn(browser, hybridRequest, person)
  return { browser, url }
}

/** @returns the `sid` of another session of Alice */
export async function issueOtherSession(visit: Visit): Promise<string> {
  const { url } = await openHybridSession(visit.http, alice)
  const id_token = new URLSearchParams(url.hash.slice(1)).get('id_token') ?? ''
  return decodeJwt<{ readonly sid: string }>(id_token).sid
}

/** The page that asks whether to sign out. */
export async function openLogout(browser: Browser) {
  const logout = { client_id: 'web-client', post_logout_redirect_uri: redirect_uri }
  const page = await browser.open(`/connect/endsession?${new URLSearchParams(logout)}`)
  const { csrf = '', logoutId = '' } = readFields(page.body)
  return { page, csrf, logoutId }
}

/** @returns the `logoutId` of a session that has ended, of which a client has yet to be told by the browser */
export async function endSession(http: Http): Promise<string> {
  const { browser } = await openHybridSession(http, bob)
  const { page } = await openLogout(browser)
  const { url } = await browser.submit(page, [['button', 'yes']])
  return url.searchParams.get('logoutId') ?? ''
}

/** Where a browser is sent by an authorization request, when nobody is signed in with it. */
async function readLocation({ request, url }: Http, parameters: Form): Promise<URL> {
  const { headers } = await request(`/connect/authorize?${new URLSearchParams(parameters)}`)
  return new URL(headers.get('location') ?? '', url)
}

function readFields(page: string): Form {
  return Object.fromEntries(readHiddenFields(page))
}
