import type { Request, Response } from 'express'
import type {
  AuthorizationCodeGrantChecks,
  Configuration,
  TokenEndpointResponse,
  TokenEndpointResponseHelpers,
} from 'openid-client'

/**
 * What the provider answers an authorization request with, and how the browser brings that here: a code in
 * the query, or a code and an ID Token in a form.
 *
 * @see {@link https://openid.net/specs/oauth-v2-multiple-response-types-1_0.html#ResponseTypesAndModes OAuth 2.0 Multiple Response Types §2}
 */
export interface AuthorizationResponse {
  /** What the authorization request says to get it, where that is not the default. */
  readonly parameters: Readonly<Record<string, string>>
  /** Whether the provider's page sends it, and not a redirect: another site's POST has no Lax cookies. */
  readonly isCrossSitePost: boolean
  /** Tells openid-client what to expect of a provider. */
  readonly prepare: (provider: Configuration) => void
  /** The parameters of the response; none when the request brings none in the right way. */
  readonly read: (req: Request, res: Response) => Promise<URLSearchParams>
  /**
   * Validates the parameters, and redeems the code for tokens.
   *
   * @throws the errors of openid-client.
   */
  readonly redeem: (
    parameters: URLSearchParams,
    redirectUri: string,
    checks: AuthorizationCodeGrantChecks,
    provider: Configuration,
  ) => Promise<TokenEndpointResponse & TokenEndpointResponseHelpers>
  /**
   * Validates what openid-client does not: by now there are tokens, and if this throws they are revoked.
   *
   * @throws {ProblemError}
   */
  readonly validate: (parameters: URLSearchParams, response: TokenEndpointResponseHelpers) => void
}
