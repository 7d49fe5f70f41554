/**
 * A program without a user gets an access token for itself, with an assertion that it signs with its
 * private key (private_key_jwt): there is no secret that could be read on the way or at the token
 * service. It calls an API with the token.
 *
 * Its registration: apps/identity-server/src/clients/jwt-client-authentication.ts
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc7523.html#section-2.2 RFC 7523 §2.2}
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
  clientCredentialsGrant,
  discovery,
  modifyAssertion,
  PrivateKeyJwt,
} from 'openid-client'

import { key } from './key.ts'

// The defaults are those of the registration.
const { CLIENT_ID = 'jwt-client-authentication', SCOPE = 'scope1' } = process.env

// openid-client makes an assertion for each request: for this issuer alone, for a minute, for one use.
const signedAssertion = PrivateKeyJwt(key, {
  [modifyAssertion](header, payload) {
    // Says what the JWT is for, so that no other one signed with this key can take its place.
    header.typ = 'client-authentication+jwt'
    printJson('Client assertion (decoded)', { header, payload })
  },
})

run(async () => {
  await reachable(issuer, urls.simpleApi)

  // Only the issuer is configured: its discovery document names the endpoints and what they support.
  const tokenService = await discovery(
    new URL(issuer),
    CLIENT_ID,
    undefined,
    signedAssertion,
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
