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

/** An authorization request of the client. */
export function createRequest(client_id: string, scope = wholeScope) {
  return {
    client_id,
    response_type: 'code',
    redirect_uri,
    scope,
    code_challenge: hash('sha256', code_verifier, 'base64url'),
    code_challenge_method: 'S256',
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
  let page = await signIn(browser, request, person)
  if (page.url.pathname === '/consent')
    page = await browser.submit(page, [
      ...(request.scope ?? '').split(' ').map((name): [string, string] => ['scopes', name]),
      ['rememberConsent', 'true'],
      ['button', 'yes'],
    ])
  return readCode(page)
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

function readCode({ url, status, body }: Landing): string {
  const code = url.searchParams.get('code')
  assert.ok(code, `no code but ${status} at ${url}\n${body}`)
  return code
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
export async function signRequest({ url }: Http): Promise<Form> {
  const request = await sign(createRequest('signing-client'), url, 'oauth-authz-req+jwt')
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
