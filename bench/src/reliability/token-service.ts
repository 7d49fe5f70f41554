import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { findFreeUrl } from '../free-url.ts'
import { type ServerProcess, startServer } from './server-process.ts'

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })

/** What `signing-client` signs with. */
export const signingKey = privateKey

export const redirect_uri = 'https://app.example/cb'

/** How many clients ask for consent: `consent-client-0`, … */
export const consentClients = 500

const webClient = {
  AllowedGrantTypes: ['authorization_code'],
  RedirectUris: [redirect_uri],
  PostLogoutRedirectUris: [redirect_uri],
  AllowOfflineAccess: true,
  AllowedScopes: ['openid', 'profile', 'scope1', 'scope2'],
}
const ClientSecrets = [{ Value: 'K7gNU3sdo+OL0wNhqoVWhr3g6s1xYv72ol/pe/Unols=' }]

/**
 * What the scenarios do not have: a client that signs all it says, one that is told of a logout by the browser and one
 * by the token service, one that gets its tokens in the fragment, many that ask for consent, and an API that can be named
 * in a request (RFC 8707).
 */
const createConfiguration = (BackChannelLogoutUri: string | undefined) => ({
  IdentityServer: {
    ApiScopes: [{ Name: 'scope3' }],
    ApiResources: [{ Name: 'urn:api', Scopes: ['scope3'] }],
    Clients: [
      {
        ...webClient,
        ClientId: 'signing-client',
        AllowedGrantTypes: ['authorization_code', 'client_credentials'],
        ClientSecrets: [
          { Type: 'JsonWebKey', Value: JSON.stringify(publicKey.export({ format: 'jwk' })) },
        ],
        RequireRequestObject: true,
        AllowedScopes: [...webClient.AllowedScopes, 'scope3'],
      },
      {
        ...webClient,
        ClientId: 'hybrid-client',
        ClientSecrets,
        AllowedGrantTypes: ['hybrid'],
        FrontChannelLogoutUri: 'https://app.example/logout',
      },
      { ...webClient, ClientId: 'pushing-client', ClientSecrets, RequirePushedAuthorization: true },
      {
        ...webClient,
        ClientId: 'implicit-client',
        AllowedGrantTypes: ['implicit'],
        AllowAccessTokensViaBrowser: true,
        AllowOfflineAccess: false,
      },
      { ...webClient, ClientId: 'told-client', ClientSecrets, BackChannelLogoutUri },
      { ...webClient, ClientId: 'web-client', ClientSecrets },
      ...Array.from({ length: consentClients }, (_, n) => ({
        ...webClient,
        ClientId: `consent-client-${n}`,
        ClientSecrets,
        RequireConsent: true,
        AccessTokenType: 'Reference',
        RefreshTokenUsage: 'OneTimeOnly',
      })),
    ],
  },
})

/** A token service that can be ended and started again, at the same URL and with the same store. */
export interface TokenServicePlace {
  readonly url: string
  /** Where its data is. */
  readonly folder: string
  /** @param environment Variables of its own. */
  start(environment?: Readonly<Record<string, string>>): Promise<ServerProcess>
  /** Removes its store. */
  [Symbol.dispose](): void
}

/**
 * A place for a token service on a free port, with its SQLite store in a new folder.
 *
 * @param options.backChannelLogoutUri of `told-client`
 */
export async function createTokenServicePlace({
  backChannelLogoutUri,
}: {
  backChannelLogoutUri?: string
} = {}): Promise<TokenServicePlace> {
  const url = await findFreeUrl()
  const folder = mkdtempSync(join(tmpdir(), 'reliability-'))
  const CONFIG = join(folder, 'clients.json')
  writeFileSync(CONFIG, JSON.stringify(createConfiguration(backChannelLogoutUri)))
  return {
    url,
    folder,
    start: (environment) =>
      startServer('identity-server', url, {
        ...environment,
        DATA_DIR: folder,
        CONFIG,
        IDENTITY_SERVER_URL: url,
        // So that each browser can come from an address of its own, as the throttle of sign-ins counts them.
        TRUST_PROXY: '1',
      }),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  }
}
