import { type Client, GrantTypes } from '../src/index.ts'
import { webClient } from './people.ts'

const { clientSecrets: _none, ...withoutSecret } = webClient

/** A script in a browser, as they were written before CORS: no secret, tokens by the redirect. */
const script = {
  ...withoutSecret,
  allowedGrantTypes: GrantTypes.implicit,
  allowAccessTokensViaBrowser: true,
  allowedCorsOrigins: ['https://app.example'],
} satisfies Omit<Client, 'clientId'>

const hybrid = {
  ...webClient,
  allowedGrantTypes: GrantTypes.hybrid,
  allowAccessTokensViaBrowser: true,
} satisfies Omit<Client, 'clientId'>

/** Clients of the implicit and the hybrid flow, and one of the code flow beside them. */
export const legacyClients: Client[] = [
  { ...script, clientId: 'implicit' },
  { ...script, clientId: 'implicit-reference', accessTokenType: 'reference' },
  { ...script, clientId: 'implicit-asking', requireConsent: true },
  { ...script, clientId: 'implicit-tokenless', allowAccessTokensViaBrowser: false },
  { ...hybrid, clientId: 'hybrid' },
  { ...hybrid, clientId: 'hybrid-reference', accessTokenType: 'reference' },
  { ...hybrid, clientId: 'hybrid-verbose', alwaysIncludeUserClaimsInIdToken: true },
  { ...hybrid, clientId: 'hybrid-tokenless', allowAccessTokensViaBrowser: false },
  { ...hybrid, clientId: 'hybrid-unprotected', requirePkce: false },
  { ...webClient, clientId: 'web', allowAccessTokensViaBrowser: true },
]
