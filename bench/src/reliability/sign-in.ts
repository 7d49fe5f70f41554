import assert from 'node:assert/strict'
import { hash, randomUUID } from 'node:crypto'

import { SignJWT } from 'jose'

import type { Browser, Fields, Landing } from './browser.ts'
import { type Form, type Http, readJson } from './http.ts'
import { nextPerson, type Person } from './people.ts'
import { redirect_uri, signingKey } from './token-service.ts'

const code_verifier = 'v'.repeat(43)

/** What a client asks for that has all it can have. */
export const wholeScope = 'openid profile scope1 offline_access'

/** An authorization request of the client, with a nonce of its own. */
export function createRequest(client_id: string, scope = wholeScope) {
  return {
    client_id,
    response_type: 'code',
    redirect_uri,
    scope,
    code_challenge: hash('sha256', code_verifier, 'base64url'),
    code_challenge_method: 'S256',
    nonce: randomUUID(),
  }
}

/**
 * Takes a browser to the token service, and through the pages for sign-in and consent where it asks: the code.
 * Consent is given to the whole scope, and for good where that can be had.
 *
 * @param person who signs in, where nobody has
 */
export async function authorize(
  browser: Browser,
  request: Form,
  person = nextPerson(),
): Promise<string> {
  const page = await signIn(browser, request, person)
  const isAsked = page.url.pathname === '/consent'
  return readCode(isAsked ? await giveConsent(browser, page, request.scope) : page)
}

/** Consents to the whole scope at the page that asks, for good: the page behind that. */
export function giveConsent(browser: Browser, page: Landing, scope = ''): Promise<Landing> {
  return browser.submit(page, [
    ...scope.split(' ').map((name): [string, string] => ['scopes', name]),
    ['rememberConsent', 'true'],
    ['button', 'yes'],
  ])
}

/** Takes a browser to the token service, and signs the person in where it asks: the page behind that. */
export async function signIn(browser: Browser, request: Form, person: Person): Promise<Landing> {
  const page = await browser.open(`/connect/authorize?${new URLSearchParams(request)}`)
  return page.url.pathname === '/account/login'
    ? browser.submit(page, createCredentials(person))
    : page
}

function createCredentials({ username }: Person): Fields {
  return [
    ['username', username],
    ['password', username],
    ['button', 'login'],
  ]
}

/** The code that a browser has brought to the client. */
export function readCode({ url, status, body }: Landing): string {
  const code = url.searchParams.get('code')
  assert.ok(code, `no code but ${status} at ${url}\n${body}`)
  return code
}

/** What a browser has brought to the client in the fragment. */
export function readFragment({ url, status, body }: Landing): Form {
  assert.ok(url.hash !== '', `no fragment but ${status} at ${url}\n${body}`)
  return Object.fromEntries(new URLSearchParams(url.hash.slice(1)))
}

/** Takes the browser of a signed-in user to the end of the session. */
export async function signOut(browser: Browser, id_token: string): Promise<void> {
  const logout = { id_token_hint: id_token, post_logout_redirect_uri: redirect_uri }
  const page = await browser.open(`/connect/endsession?${new URLSearchParams(logout)}`)
  assert.equal(page.url.pathname, '/account/logged-out')
}

/** Exchanges a code of a client that has a secret: whatever the token service answers. */
export function redeem(http: Http, client_id: string, code: string) {
  return http.post('/connect/token', redeemParameters(code), client_id)
}

export function redeemParameters(code: string) {
  return { grant_type: 'authorization_code', code, redirect_uri, code_verifier }
}

/** Exchanges a code of `signing-client`: the tokens. */
export async function redeemSigned(http: Http, code: string) {
  const form = { ...redeemParameters(code), ...(await signAssertion(http)) }
  return readJson(await http.post('/connect/token', form))
}

/** @see {@link https://www.rfc-editor.org/rfc/rfc7523.html#section-2.2 RFC 7523 §2.2} */
export async function signAssertion({ url }: Http): Promise<Form> {
  return {
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: await sign({ sub: 'signing-client' }, url, 'client-authentication+jwt'),
  }
}

/** @see {@link https://www.rfc-editor.org/rfc/rfc9101.html#section-4 RFC 9101 §4} */
export async function signRequest(
  { url }: Http,
  parameters: Form = createRequest('signing-client'),
): Promise<Form> {
  const request = await sign(parameters, url, 'oauth-authz-req+jwt')
  return { client_id: 'signing-client', request }
}

function sign(claims: Form, issuer: string, typ: string): Promise<string> {
  return new SignJWT({ ...claims })
    .setProtectedHeader({ alg: 'ES256', typ })
    .setIssuer('signing-client')
    .setAudience(issuer)
    .setJti(randomUUID())
    .setIssuedAt()
    .setExpirationTime('1 minute')
    .sign(signingKey)
}
