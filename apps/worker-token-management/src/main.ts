/**
 * A worker calls an API every few seconds with a token that is kept fresh for it: requested when it is
 * first needed, reused while it is good, renewed before it expires and after a 401.
 *
 * Its registration: apps/identity-server/src/clients/worker-token-management.ts
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-4.4 RFC 6749 §4.4}
 */
import { setTimeout as sleep } from 'node:timers/promises'

import { describeError, issuer, readJson, readWholeNumber, run, urls } from '@basics/sample-kit'
import { clientCredentialsTokens, onTokenEvents } from '@basics/token-management'
import { ClientSecretBasic } from 'openid-client'

// The defaults are those of the registration; a real secret has no place in source code.
const {
  CLIENT_ID = 'worker-token-management',
  CLIENT_SECRET = 'secret',
  SCOPE = 'scope1',
} = process.env
const interval = readWholeNumber('WORKER_INTERVAL_SECONDS', 5, { min: 1, max: 3600 })

const tokens = clientCredentialsTokens({
  worker: {
    issuer,
    clientId: CLIENT_ID,
    clientAuthentication: ClientSecretBasic(CLIENT_SECRET),
    scope: SCOPE,
  },
})
const api = tokens.fetchFor('worker', { baseUrl: urls.simpleApi })

// What token management does behind `api` is published on diagnostics channels.
onTokenEvents({
  obtained: ({ expires_in }) => print(`token obtained, good for ${expires_in} s`),
  reused: ({ expires_in }) => print(`token reused, ${expires_in} s left`),
  renewed: ({ expires_in }) => print(`token renewed, good for ${expires_in} s`),
  failed: ({ error }) => print(`token request failed: ${error}`),
  retried: ({ status }) => print(`the API refused the token; with a new one it answers ${status}`),
})

const stop = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => stop.abort())

run(async () => {
  while (!stop.signal.aborted) {
    // A worker outlives what it depends on: it says what is wrong, and tries again.
    await callApi().catch(async (error) => print(`call failed: ${await describeError(error)}`))
    await sleep(interval * 1000, undefined, { signal: stop.signal }).catch(() => print('stopped'))
  }
})

async function callApi(): Promise<void> {
  const response = await api('/identity', { signal: AbortSignal.timeout(10_000) })
  const claims = (await readJson(response)) as { type: string; value: unknown }[]
  const shown = claims.filter(({ type }) => ['client_id', 'scope', 'iat', 'exp'].includes(type))
  print(`API: ${JSON.stringify(Object.fromEntries(shown.map(({ type, value }) => [type, value])))}`)
}

function print(text: string): void {
  console.log(`${new Date().toLocaleTimeString('en-GB')}  ${text}`)
}
