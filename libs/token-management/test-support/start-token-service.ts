import { text } from 'node:stream/consumers'
import type { TestContext } from 'node:test'

import { startServer } from '@basics/protocol/test-support/start-server'

export interface Answer {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body: object | string
}

/**
 * A token service with discovery and a token endpoint, which counts what it is asked. Its tokens are
 * `token-1`, `token-2`, … and live for an hour. `down` makes both endpoints answer 503, `hangs` makes
 * the token endpoint never answer, `answer` replaces what it answers, and `path` is where it is: elsewhere
 * there is nothing, which `misses` counts.
 */
export async function startTokenService(t: TestContext) {
  const service = {
    issuer: '',
    path: '/token',
    discoveries: 0,
    misses: 0,
    requests: [] as { authorization: string | undefined; parameters: Record<string, string> }[],
    down: false,
    hangs: false,
    answer: (count: number): Answer => ({ body: createTokenResponse(`token-${count}`) }),
  }

  service.issuer = await startServer(t, async (request, response) => {
    const { url, headers } = request
    const reply = ({ status = 200, headers = {}, body }: Answer) => {
      response.writeHead(status, { 'Content-Type': 'application/json', ...headers })
      response.end(typeof body === 'string' ? body : JSON.stringify(body))
    }
    const form = new URLSearchParams(await text(request))
    if (url === service.path) {
      const { authorization } = headers
      service.requests.push({ authorization, parameters: Object.fromEntries(form) })
    } else if (isDiscovery(url)) service.discoveries++
    else service.misses++

    if (service.down) reply({ status: 503, body: {} })
    else if (isDiscovery(url)) reply({ body: createMetadata(service) })
    else if (url !== service.path) reply({ status: 404, body: 'not here' })
    else if (!service.hangs) reply(service.answer(service.requests.length))
  })
  return service
}

export function createTokenResponse(access_token: string, expires_in = 3600) {
  return { access_token, token_type: 'Bearer', expires_in }
}

function isDiscovery(url = ''): boolean {
  return url.startsWith('/.well-known/')
}

function createMetadata({ issuer, path }: { issuer: string; path: string }) {
  return {
    issuer,
    token_endpoint: `${issuer}${path}`,
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'private_key_jwt'],
  }
}
