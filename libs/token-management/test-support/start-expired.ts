import type { TestContext } from 'node:test'

import type { UserSession } from '@basics/relying-party'

import { type Provider, signIdToken } from './start-provider.ts'
import { startWebApp } from './start-web-app.ts'

/** Makes the answers to refreshes be of no use. */
export type Spoil = (provider: Provider) => Promise<unknown>

/** Two users whose access tokens have expired, so long after the provider was asked that its keys are fetched again. */
export async function startExpired(t: TestContext) {
  const app = await startWebApp(t, { log: () => {} })
  const [user, other] = [await app.signIn(), await app.signIn()]
  app.clock.seconds = 7200
  const { id } = (await (await user.open('/session')).json()) as UserSession
  return { ...app, user, other, readTokens: async () => (await app.login.tokens.get(id))?.tokens }
}

export async function addIdToken(provider: Provider, claims: object = {}) {
  provider.extra = { id_token: await signIdToken(provider.issuer, claims) }
}

export async function addUnknownSignature(provider: Provider) {
  const [header, payload] = (await signIdToken(provider.issuer, {})).split('.')
  const [, , signature] = (await signIdToken(provider.issuer, { jti: 'another' })).split('.')
  provider.extra = { id_token: [header, payload, signature].join('.') }
}

export async function addUnknownKey(provider: Provider) {
  const id_token = await signIdToken(provider.issuer, {})
  const header = Buffer.from('{"alg":"ES256","kid":"next"}').toString('base64url')
  provider.extra = { id_token: id_token.replace(/^[^.]+/, header) }
}

export async function withholdKeys(provider: Provider) {
  await addIdToken(provider)
  provider.insteadOfKeys = () => ({ status: 503, body: {} })
}

export async function recover(provider: Provider) {
  await addIdToken(provider)
  provider.insteadOfKeys = undefined
}

export function sentRefreshTokens({ refreshes }: Provider) {
  return refreshes.map(({ parameters }) => parameters.refresh_token)
}
