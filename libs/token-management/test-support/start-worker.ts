import type { TestContext } from 'node:test'

import { ClientSecretBasic } from 'openid-client'

import {
  clientCredentialsTokens,
  type TokenManagementOptions,
} from '../src/client-credentials/client-credentials-tokens.ts'
import { startTokenService } from './start-token-service.ts'

/** Tokens of the client `worker`, with a clock that the test moves, and next to no pause after a failure. */
export async function startWorker(t: TestContext, options: TokenManagementOptions = {}) {
  const service = await startTokenService(t)
  const clock = { now: 1_000_000 }
  const worker = {
    issuer: service.issuer,
    clientId: 'worker',
    clientAuthentication: ClientSecretBasic('secret'),
  }
  const tokens = clientCredentialsTokens(
    { worker },
    { now: () => clock.now, pauseAfter: () => 0.001, ...options },
  )
  return { service, clock, tokens }
}
