import { hash } from 'node:crypto'

import { patience } from './connection.ts'
import { redirect_uri } from './registrations.ts'

export const code_verifier = 'v'.repeat(43)
export const state = 'a-state-as-clients-make-them-up-of-43-bytes'
export const nonce = 'a-nonce-as-clients-make-them-up-of-43-bytes'

/** A sign-in takes half as many; a server that goes on for longer goes round in circles. */
const mostRedirects = 12

/** Path and query of the authorization request of a web client. */
export function authorizationRequest(
  client_id: string,
  scope = `openid profile offline_access${client_id === 'web-reference' ? '' : ' api'}`,
): string {
  const parameters = new URLSearchParams({
    client_id,
    response_type: 'code',
    redirect_uri,
    scope,
    state,
    nonce,
    code_challenge: hash('sha256', code_verifier, 'base64url'),
    code_challenge_method: 'S256',
  })
  return `/connect/authorize?${parameters}`
}

/**
 * Signs the user in, as a browser that follows redirects does.
 *
 * @returns the `Cookie` header of that browser
 * @throws {Error} when the redirects do not lead to a code
 */
export async function signIn(issuer: string, request: string): Promise<string> {
  const cookies = new Map<string, string>()
  let url = issuer + request
  for (let redirects = 0; redirects < mostRedirects; redirects++) {
    if (url.startsWith(redirect_uri)) {
      if (!new URL(url).searchParams.has('code')) throw new Error(`the sign-in failed: ${url}`)
      return writeCookies(cookies)
    }
    url = await follow(url, cookies)
  }
  throw new Error(`the sign-in does not come to an end: ${url}`)
}

/** @returns where the answer sends the browser */
async function follow(url: string, cookies: Map<string, string>): Promise<string> {
  const headers = { cookie: writeCookies(cookies) }
  const signal = AbortSignal.timeout(patience)
  const response = await fetch(url, { redirect: 'manual', headers, signal })
  for (const cookie of response.headers.getSetCookie()) {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
    if (value === '') cookies.delete(name)
    else cookies.set(name, value)
  }
  const location = response.headers.get('location')
  if (location === null) throw new Error(`no way on from ${url}: ${await response.text()}`)
  return new URL(location, url).href
}

function writeCookies(cookies: ReadonlyMap<string, string>): string {
  return [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
}
