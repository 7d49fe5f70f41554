import { createHash } from 'node:crypto'

import { redirect_uri } from './registrations.ts'

export const code_verifier = 'v'.repeat(43)

/** Path and query of the authorization request of a web client. */
export function authorizationRequest(client_id: string): string {
  const parameters = new URLSearchParams({
    client_id,
    response_type: 'code',
    redirect_uri,
    scope: `openid profile offline_access${client_id === 'web' ? ' api' : ''}`,
    state: 'a-state-as-clients-make-them-up-of-43-bytes',
    nonce: 'a-nonce-as-clients-make-them-up-of-43-bytes',
    code_challenge: createHash('sha256').update(code_verifier).digest('base64url'),
    code_challenge_method: 'S256',
  })
  return `/connect/authorize?${parameters}`
}

/**
 * Signs the user in, as a browser that follows redirects does.
 *
 * @returns the `Cookie` header of that browser
 */
export async function signIn(issuer: string, client_id: string): Promise<string> {
  const cookies = new Map<string, string>()
  const header = () => [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  let url = issuer + authorizationRequest(client_id)
  while (!url.startsWith(redirect_uri)) {
    const response = await fetch(url, { redirect: 'manual', headers: { cookie: header() } })
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
      if (value === '') cookies.delete(name)
      else cookies.set(name, value)
    }
    const location = response.headers.get('location')
    if (location === null) throw new Error(`no way on from ${url}: ${await response.text()}`)
    url = new URL(location, url).href
  }
  if (!url.includes('code=')) throw new Error(`the sign-in failed: ${url}`)
  return header()
}
