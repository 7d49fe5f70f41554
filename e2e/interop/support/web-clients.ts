import {
  pushedAuthorizationRequest,
  queryParameters,
  signedRequestObject,
} from '@basics/relying-party'
import { exportJWK, generateKeyPair } from 'jose'
import { ClientSecretBasic, ClientSecretPost, PrivateKeyJwt } from 'openid-client'

import type { Capability } from '../capabilities.ts'
import type { WebAppSetup } from './start-web-app.ts'

const { privateKey, publicKey } = await generateKeyPair('ES256')

/** The clients' own key, and what the provider knows of it. */
export const clientKey = { key: privateKey, kid: 'client-key' }
export const clientJwks = { keys: [{ ...(await exportJWK(publicKey)), kid: clientKey.kid }] }

/** A web client of ours: how it asks, and how it proves who it is. */
export interface WebClient extends WebAppSetup {
  /** Completes the title of a test. */
  readonly name: string
  readonly proven: readonly Capability[]
}

export const basicClient: WebClient = {
  name: 'with plain requests',
  proven: ['client_secret_basic'],
  options: {
    clientAuthentication: ClientSecretBasic('secret'),
    authorizationRequest: queryParameters(),
  },
  registration: { client_secret: 'secret' },
}

/** The provider takes signed requests alone from it, and no secret. */
export const signingClient: WebClient = {
  name: 'with signed requests and private_key_jwt',
  proven: ['Signed requests (JAR)', 'private_key_jwt'],
  options: {
    clientAuthentication: PrivateKeyJwt(clientKey),
    authorizationRequest: signedRequestObject(clientKey),
  },
  registration: {
    token_endpoint_auth_method: 'private_key_jwt',
    require_signed_request_object: true,
    jwks: clientJwks,
  },
}

/** The provider takes pushed requests alone from it. */
export const pushingClient: WebClient = {
  name: 'with pushed requests',
  proven: ['Pushed requests (PAR)', 'client_secret_post'],
  options: {
    clientAuthentication: ClientSecretPost('secret'),
    authorizationRequest: pushedAuthorizationRequest(),
  },
  registration: {
    client_secret: 'secret',
    token_endpoint_auth_method: 'client_secret_post',
    require_pushed_authorization_requests: true,
  },
}

export const webClients: readonly WebClient[] = [basicClient, signingClient, pushingClient]
