/**
 * A program without a user gets an access token for itself, with the secret it shares with the token
 * service (the client credentials grant), and calls an API with it.
 *
 * Its registration: apps/identity-server/src/clients/client-credentials.ts
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-4.4 RFC 6749 §4.4}
 */
import {
  issuer,
  printJson,
  printTokenResponse,
  reachable,
  readJson,
  run,
  urls,
} from '@basics/sample-kit'
import {
  allowInsecureRequests,
  ClientSecretBasic,
  clientCredentialsGrant,
  discovery,
} from 'openid-client'

// The defaults are those of the registration; a real secret has no place in source code.
const { CLIENT_ID = 'client-credentials', CLIENT_SECRET = 'secret', SCOPE = 'scope1' } = process.env

run(async () => {
  await reachable(issuer, urls.simpleApi)

  // Only the issuer is configured: its discovery document names the endpoints and what they support.
  const tokenService = await discovery(
    new URL(issuer),
    CLIENT_ID,
    undefined,
    ClientSecretBasic(CLIENT_SECRET),
    // openid-client refuses http, rightly: secrets and tokens need TLS. An http issuer is for one machine.
    { execute: issuer.startsWith('http:') ? [allowInsecureRequests] : [] },
  )

  const tokens = await clientCredentialsGrant(tokenService, { scope: SCOPE })
  printTokenResponse(tokens)

  const response = await fetch(`${urls.simpleApi}/identity`, {
    headers: { Authorization: `Bearer ${tokens.access_token}` },
    signal: AbortSignal.timeout(10_000),
  })
  printJson('Service claims', await readJson(response))
})
