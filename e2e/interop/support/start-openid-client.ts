import type { TestContext } from 'node:test'

import {
  type Client,
  GrantTypes,
  type ProviderOptions,
  sha256,
  sharedSecret,
} from '@basics/openid-provider'
import * as client from 'openid-client'

import { HttpBrowser } from './http-browser.ts'
import { startTokenService } from './start-token-service.ts'

const redirect_uri = 'https://app.example/cb'
export const post_logout_redirect_uri = 'https://app.example/bye'

export interface OpenidClientSetup {
  /** What is special about the client's registration. */
  readonly registration?: Partial<Client>
  /** By default with a secret in the `Authorization` header. */
  readonly authentication?: client.ClientAuth
  /** What openid-client is told about the client. */
  readonly metadata?: Partial<client.ClientMetadata>
  /** What the token service is told. */
  readonly options?: Partial<ProviderOptions>
}

/** openid-client as a client of our token service: it makes the requests, and checks the answers. */
export async function startOpenidClient(t: TestContext, setup: OpenidClientSetup = {}) {
  const { registration, authentication = client.ClientSecretBasic('secret') } = setup
  const registered: Client = {
    clientId: 'client',
    clientSecrets: [sharedSecret(sha256('secret'))],
    allowedGrantTypes: GrantTypes.codeAndClientCredentials,
    allowedScopes: ['openid', 'profile', 'scope1', 'scope2'],
    allowOfflineAccess: true,
    redirectUris: [redirect_uri],
    postLogoutRedirectUris: [post_logout_redirect_uri],
    ...registration,
  }
  const issuer = await startTokenService(t, [registered], setup.options)
  const config = await discover(issuer, 'client', authentication, setup.metadata)
  const pkceCodeVerifier = client.randomPKCECodeVerifier()
  const checks = {
    pkceCodeVerifier,
    expectedState: client.randomState(),
    expectedNonce: client.randomNonce(),
    idTokenExpected: true,
  }
  const parameters = {
    redirect_uri,
    scope: 'openid profile scope1 offline_access',
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
    state: checks.expectedState,
    nonce: checks.expectedNonce,
  }
  const browser = new HttpBrowser()

  /** @returns The page where the user ends up, or the URI of the client with the answer. */
  const open = (url: URL) =>
    browser.open(url, { stopAt: (at) => at.origin === new URL(redirect_uri).origin })

  /** Redeems what came of an authorization request. */
  const redeem = async (url: URL) =>
    client.authorizationCodeGrant(config, (await open(url)).url, checks)

  const signIn = (others: Readonly<Record<string, string>> = {}) =>
    redeem(client.buildAuthorizationUrl(config, { ...parameters, ...others }))

  /** @returns Where the user ends up. */
  async function signOut(id_token_hint: string): Promise<URL> {
    const state = 'state'
    const request = { id_token_hint, post_logout_redirect_uri, state }
    return (await open(client.buildEndSessionUrl(config, request))).url
  }

  return { issuer, config, parameters, checks, open, redeem, signIn, signOut }
}

/** What openid-client knows of our token service, to ask it as that client or API. */
export function discover(
  issuer: string,
  client_id: string,
  authentication: client.ClientAuth,
  metadata?: Partial<client.ClientMetadata>,
): Promise<client.Configuration> {
  return client.discovery(new URL(issuer), client_id, metadata, authentication, {
    execute: [client.allowInsecureRequests],
  })
}
