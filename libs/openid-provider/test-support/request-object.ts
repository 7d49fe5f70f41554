import { randomUUID } from 'node:crypto'

import { createCodeChallenge } from '@basics/protocol'
import { SignJWT } from 'jose'

import { jsonWebKey } from '../src/index.ts'
import { type AssertionChanges, clientJwk, clientKey } from './client-assertion.ts'
import { webClient } from './people.ts'
import { code_verifier, redirect_uri } from './sign-in.ts'

/** A client that signs, another with the same key, and one that may only sign. */
export const signingClients = [
  { ...webClient, clientId: 'web' },
  {
    ...webClient,
    clientId: 'jar',
    clientSecrets: [...webClient.clientSecrets, jsonWebKey(clientJwk)],
  },
  {
    ...webClient,
    clientId: 'other',
    clientSecrets: [...webClient.clientSecrets, jsonWebKey(clientJwk)],
  },
  {
    ...webClient,
    clientId: 'jar-only',
    clientSecrets: [...webClient.clientSecrets, jsonWebKey(clientJwk)],
    requireRequestObject: true,
  },
]

/**
 * Signs an authorization request of the client `jar`; a test says what it changes.
 *
 * @param now milliseconds since the epoch
 */
export async function signRequest(
  issuer: string,
  { claims = {}, header = {}, key = clientKey }: AssertionChanges = {},
  now = Date.now(),
): Promise<string> {
  const iat = Math.floor(now / 1000)
  const request = {
    client_id: 'jar',
    response_type: 'code',
    redirect_uri,
    scope: 'openid',
    state: 'signed',
    code_challenge: createCodeChallenge(code_verifier),
    code_challenge_method: 'S256',
  }
  const envelope = { iss: 'jar', aud: issuer, iat, exp: iat + 60, jti: randomUUID() }
  return new SignJWT({ ...request, ...envelope, ...claims })
    .setProtectedHeader({ alg: 'ES256', typ: 'oauth-authz-req+jwt', ...header })
    .sign(key)
}
