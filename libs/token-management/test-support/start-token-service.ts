import { text } from 'node:stream/consumers'
import type { TestContext } from 'node:test'

import { startServer } from './start-server.ts'

export interface Answer {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body: object | string
}

/**
 * A token service with discovery and a token endpoint, which counts what it is asked. Its tokens are
 * `token-1`, `token-2`, … and live for an hour. `down` makes both endpoints answer 503, `hangs` makes
 * the token endpoint never answer, and `answer` replaces what it answers.
 */
export async function startTokenService(t: TestContext) {
  const service = {
    issuer: '',
    discoveries: 0,
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
    if (url === '/token') {
      const { authorization } = headers
      service.requests.push({ authorization, parameters: Object.fromEntries(form) })
    } else service.discoveries++

    if (service.down) reply({ status: 503, body: {} })
    else if (url !== '/token') reply({ body: createMetadata(service.issuer) })
    else if (!service.hangs) reply(service.answer(service.requests.length))
  })
  return service
}

export function createTokenResponse(access_token: string, expires_in = 3600) {
  return { access_token, token_type: 'Bearer', expires_in }
}

function createMetadata(issuer: string) {
  return {
    issuer,
    token_endpoint: `${issuer}/token`,
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'private_key_jwt'],
  }
}
