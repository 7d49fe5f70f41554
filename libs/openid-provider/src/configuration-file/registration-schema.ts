import { z } from 'zod'

import type { Client } from '../model/client.ts'
import type { ApiResource, ApiScope, IdentityResource } from '../model/resources.ts'
import { noSecretYet, type Secret } from '../model/secret.ts'
import { claimSchema } from './claim-schema.ts'
import {
  choice,
  dictionary,
  expected,
  expectedSecret,
  flag,
  seconds,
  secretChoice,
  text,
  textOrNothing,
  texts,
  time,
} from './values.ts'

const list = <Item extends z.ZodType>(item: Item, what: string) =>
  z.array(item, expected(`a list of ${what}`))

const secretTypes = {
  SharedSecret: 'SharedSecret',
  JWK: 'JsonWebKey',
  JsonWebKey: 'JsonWebKey',
  JsonWebKeyFile: 'JsonWebKeyFile',
  X509CertificateBase64: 'X509CertificateBase64',
} as const

/** A secret that is still to come: nothing, or what a document tells its reader to replace. */
const placeholder = /^(<[^>]*>)?$/

const secretSchema = z
  .object(
    {
      type: secretChoice(secretTypes).default('SharedSecret'),
      value: z.string(expectedSecret('the base64 of the hash of a secret, or a public key')),
      description: textOrNothing.exactOptional(),
      expiration: time.exactOptional(),
    },
    expectedSecret('an object such as {"Value": "…"}'),
  )
  .meta({ id: 'Secret' })
  .transform(
    (secret): Secret => ({ ...secret, ...(placeholder.test(secret.value) && noSecretYet) }),
  )

const clientSchema = z
  .object(
    {
      enabled: flag.exactOptional(),
      clientId: text,
      clientName: textOrNothing.exactOptional(),
      description: textOrNothing.exactOptional(),
      clientUri: textOrNothing.exactOptional(),
      logoUri: textOrNothing.exactOptional(),
      clientSecrets: z.array(secretSchema, expectedSecret('a list of secrets')).exactOptional(),
      requireClientSecret: flag.exactOptional(),
      strictAssertionAudience: flag.exactOptional(),
      allowedGrantTypes: texts,
      allowedScopes: texts.exactOptional(),
      allowOfflineAccess: flag.exactOptional(),
      redirectUris: texts.exactOptional(),
      postLogoutRedirectUris: texts.exactOptional(),
      frontChannelLogoutUri: textOrNothing.exactOptional(),
      frontChannelLogoutSessionRequired: flag.exactOptional(),
      backChannelLogoutUri: textOrNothing.exactOptional(),
      backChannelLogoutSessionRequired: flag.exactOptional(),
      allowedCorsOrigins: texts.exactOptional(),
      requirePkce: flag.exactOptional(),
      requireRequestObject: flag.exactOptional(),
      requestUris: texts.exactOptional(),
      requirePushedAuthorization: flag.exactOptional(),
      pushedAuthorizationLifetime: seconds.exactOptional(),
      allowAccessTokensViaBrowser: flag.exactOptional(),
      requireConsent: flag.exactOptional(),
      allowRememberConsent: flag.exactOptional(),
      accessTokenType: choice({ Jwt: 'jwt', Reference: 'reference' }).exactOptional(),
      accessTokenLifetime: seconds.exactOptional(),
      identityTokenLifetime: seconds.exactOptional(),
      authorizationCodeLifetime: seconds.exactOptional(),
      refreshTokenUsage: choice({ ReUse: 'reUse', OneTimeOnly: 'oneTimeOnly' }).exactOptional(),
      refreshTokenExpiration: choice({ Sliding: 'sliding', Absolute: 'absolute' }).exactOptional(),
      absoluteRefreshTokenLifetime: seconds.exactOptional(),
      slidingRefreshTokenLifetime: seconds.exactOptional(),
      alwaysIncludeUserClaimsInIdToken: flag.exactOptional(),
      consentLifetime: seconds.exactOptional(),
      userSsoLifetime: seconds.exactOptional(),
      includeJwtId: flag.exactOptional(),
      claims: list(claimSchema, 'claims').exactOptional(),
      alwaysSendClientClaims: flag.exactOptional(),
      clientClaimsPrefix: text.exactOptional(),
      properties: dictionary.exactOptional(),
    } satisfies Record<keyof Client, z.ZodType>,
    expected('an object such as {"ClientId": "…"}'),
  )
  .meta({ id: 'Client' })

const resource = {
  enabled: flag.exactOptional(),
  name: text,
  displayName: textOrNothing.exactOptional(),
  description: textOrNothing.exactOptional(),
  showInDiscoveryDocument: flag.exactOptional(),
  userClaims: texts.exactOptional(),
}

const onConsentPage = { required: flag.exactOptional(), emphasize: flag.exactOptional() }

const named = expected('an object such as {"Name": "…"}')

const apiScopeSchema = z
  .object({ ...resource, ...onConsentPage } satisfies Record<keyof ApiScope, z.ZodType>, named)
  .meta({ id: 'ApiScope' })

const apiResourceSchema = z
  .object(
    {
      ...resource,
      scopes: texts.default([]),
      apiSecrets: z.array(secretSchema, expectedSecret('a list of secrets')).exactOptional(),
      requireResourceIndicator: flag.exactOptional(),
      allowedAccessTokenSigningAlgorithms: texts.exactOptional(),
    } satisfies Record<keyof ApiResource, z.ZodType>,
    named,
  )
  .meta({ id: 'ApiResource' })

const identityResourceSchema = z
  .object(
    { ...resource, ...onConsentPage, userClaims: texts } satisfies Record<
      keyof IdentityResource,
      z.ZodType
    >,
    named,
  )
  .meta({ id: 'IdentityResource' })

/** What the lists of a configuration hold. */
export const schemas = {
  clients: clientSchema,
  apiScopes: apiScopeSchema,
  apiResources: apiResourceSchema,
  identityResources: identityResourceSchema,
}

/** The section of a configuration file that is ours. */
export const sectionSchema = z
  .object(
    {
      issuerUri: text.exactOptional(),
      clients: list(clientSchema, 'clients').exactOptional(),
      apiScopes: list(apiScopeSchema, 'API scopes').exactOptional(),
      apiResources: list(apiResourceSchema, 'API resources').exactOptional(),
      identityResources: list(identityResourceSchema, 'identity resources').exactOptional(),
    },
    expected('an object such as {"Clients": []}'),
  )
  .meta({ id: 'IdentityServer' })
