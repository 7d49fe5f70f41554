import { BearerError } from '@basics/protocol'
import type { NextFunction, Request, RequestHandler, Response } from 'express'

import {
  type AccessTokenClaims,
  type AccessTokenValidation,
  scopeValues,
} from './access-token-claims.ts'
import { readCompactJws } from './compact-jws.ts'
import { type IntrospectionOptions, introspectionValidation } from './introspection.ts'
import type { IssuerDocument } from './issuer-document.ts'
import { issuerKeys, type KeyFinder } from './issuer-keys.ts'
import { type IssuerMetadata, issuerMetadata } from './issuer-metadata.ts'
import { jwtAccessTokenValidation } from './jwt-access-token.ts'
import { readAccessToken } from './read-access-token.ts'
import { type RefusalOptions, refusal } from './refusal.ts'
import { readSettings, type Settings, type SettingsOptions } from './settings.ts'

export interface ResourceServerOptions extends SettingsOptions, RefusalOptions {
  /** Accepts tokens that are not JWTs too, by asking the issuer about them. */
  readonly introspection?: IntrospectionOptions
}

export interface ResourceServer {
  /** Refuses requests without a valid access token. */
  readonly required: RequestHandler
  /** Refuses requests without a valid access token that has this scope, or all of several. */
  readonly requireScope: (scope: string) => RequestHandler
  /** The claims of the token that let a request in. Throws for a request that nothing has let in. */
  readonly claims: (req: Request) => AccessTokenClaims
  /**
   * Tells a health check whether tokens can be checked: fetches the issuer's keys when they are needed.
   * Rejects with {@link IssuerUnavailable} while they cannot be had.
   */
  readonly ready: () => Promise<void>
}

/**
 * Protects an API with the access tokens of an issuer.
 *
 * A refused request gets an empty response whose `WWW-Authenticate` says why: 401 without a token,
 * 400 `invalid_request`, 401 `invalid_token`, 403 `insufficient_scope`. While a token cannot be checked it is 503, with
 * `Retry-After`. Nothing is fetched from the issuer before the first token comes, or `ready` is called.
 *
 * @throws {TypeError} when the issuer is not a URL.
 * @see {@link https://www.rfc-editor.org/rfc/rfc6750.html#section-3 RFC 6750 §3}
 */
export function resourceServer(options: ResourceServerOptions): ResourceServer {
  const settings = readSettings(options)
  const metadata = issuerMetadata(settings)
  const keys = issuerKeys(metadata, settings)
  const validate = accessTokenValidation(options.introspection, metadata, keys, settings)
  const refuse = refusal(options, settings)
  const validated = new WeakMap<Request, AccessTokenClaims>()

  async function guard(req: Request, res: Response, next: NextFunction, scope = '') {
    res.set('Cache-Control', 'no-store')
    try {
      const token = readAccessToken(req)
      if (token === undefined) return refuse(res)
      const claims = validated.get(req) ?? (await validate(token))
      requireScopeValues(scope, claims)
      validated.set(req, claims)
    } catch (error) {
      return refuse(res, error)
    }
    next()
  }

  return {
    required: (req, res, next) => guard(req, res, next),
    requireScope: (scope) => (req, res, next) => guard(req, res, next, scope),
    claims(req) {
      const claims = validated.get(req)
      if (claims === undefined) throw new Error('no access token was required on this route')
      return claims
    },
    async ready() {
      await keys.read()
    },
  }
}

/** JWTs are checked here; about all other tokens the issuer is asked, where this API may ask. */
function accessTokenValidation(
  introspection: IntrospectionOptions | undefined,
  metadata: IssuerDocument<IssuerMetadata>,
  keys: IssuerDocument<KeyFinder>,
  settings: Settings,
): AccessTokenValidation {
  const validateJwt = jwtAccessTokenValidation(keys, settings)
  if (introspection === undefined) return validateJwt

  const validateReference = introspectionValidation(introspection, metadata, settings)
  return (token) =>
    readCompactJws(token) === undefined ? validateReference(token) : validateJwt(token)
}

function requireScopeValues(scope: string, claims: AccessTokenClaims): void {
  const granted = scopeValues(claims)
  const needed = scope.split(' ').filter((value) => value !== '')
  if (!needed.every((value) => granted.includes(value)))
    throw new BearerError('insufficient_scope', 'the token lacks the scope for this', { scope })
}
