/**
 * A program without a user gets a reference token for itself: a text that says nothing to anybody. It
 * calls an API with it, and the API asks the token service what the token stands for (introspection).
 *
 * Its registration: apps/identity-server/src/clients/introspection.ts
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc7662.html#section-2 RFC 7662 §2}
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
const { CLIENT_ID = 'introspection', CLIENT_SECRET = 'secret', SCOPE = 'scope2' } = process.env

run(async () => {
  await reachable(issuer, urls.resourceApi)

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

  const response = await fetch(`${urls.resourceApi}/identity`, {
    headers: { Authorization: `Bearer ${tokens.access_token}` },
    signal: AbortSignal.timeout(10_000),
  })
  printJson('Service claims', await readJson(response))
})
