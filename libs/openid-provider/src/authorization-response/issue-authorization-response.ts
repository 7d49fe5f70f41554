import type { AuthorizationRequest } from '../authorization-request/authorization-request.ts'
import type { Provider } from '../configuration.ts'
import { revokeGrantBecause } from '../grants/revoke-grant.ts'
import { isConsentRemembered } from '../sessions/consent.ts'
import { describeLogin, isLive } from '../sessions/login-session.ts'
import type { Decision } from '../sessions/required-interaction.ts'
import { rememberSessionClient } from '../sessions/session-clients.ts'
import { takeUsedConsent } from '../sessions/waiting-request.ts'
import { createHandle } from '../stores/handles.ts'
import { signIdToken } from '../tokens/id-token.ts'
import { tryToRemove } from '../tokens/try-to-remove.ts'
import { createFrontChannelGrant, issueFrontChannelToken } from './front-channel-grant.ts'
import { selectGrantedClaims } from './granted-claims.ts'

/** What the user granted, by the session they are in. */
export interface Authorization extends Decision {
  readonly authorization: AuthorizationRequest
  /** Under which it waited for the user, if it did. */
  readonly waitingId?: string
}

/**
 * Issues what the client asked for, to be sent to it: a code that stands for what was granted, or, with
 * the legacy response types, tokens.
 *
 * @returns undefined when the session has ended meanwhile, of which its client would not learn, or the consent
 *   has, which the user may have taken back: nothing is left of what was issued
 * @throws {AuthorizationError} `invalid_target`, `access_denied`, for tokens alone: nothing is left here either
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-4.1.2 RFC 6749 §4.1.2}
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#HybridAuthResponse OIDC Core §3.3.2.5}
 */
export async function issueAuthorizationResponse(
  granted: Authorization,
  provider: Provider,
): Promise<Record<string, string> | undefined> {
  const { authorization, session, scope } = granted
  const { client } = authorization
  const client_id = client.clientId
  await rememberSessionClient(session, client_id, provider)
  const grant_id = createHandle()
  try {
    const issued = await issue(granted, grant_id, provider)
    // Whoever ends the session or takes the consent back from here on finds what has been stored.
    const ended = await findEnded(granted, provider)
    if (ended === undefined) {
      const told = { client_id, sub: session.sub, scope: scope.join(' ') }
      provider.events.raise('authorizationGranted', told)
      return issued
    }
    await revokeGrantBecause(ended, { grant_id, client }, provider)
    return undefined
  } catch (error) {
    await tryToRemove(() => provider.store.removeAll({ grant_id }), provider.logger)
    throw error
  }
}

/** What the grant rests on and is there no more. */
async function findEnded(
  granted: Authorization,
  provider: Provider,
): Promise<'signedOut' | 'consentEnded' | undefined> {
  if (!(await isLive(granted.session.sid, provider.store))) return 'signedOut'
  return (await hasConsent(granted, provider)) ? undefined : 'consentEnded'
}

async function hasConsent(
  { authorization, session, scope, consent, waitingId = '' }: Authorization,
  provider: Provider,
): Promise<boolean> {
  if (consent === undefined) return true
  if (consent === 'answered') return takeUsedConsent(waitingId, provider)
  return isConsentRemembered(authorization.client, session.sub, scope, provider)
}

async function issue(
  granted: Authorization,
  grant_id: string,
  provider: Provider,
): Promise<Record<string, string>> {
  const { response_type } = granted.authorization
  if (response_type.name === 'code') return { code: await issueCode(granted, grant_id, provider) }
  return issueWithTokens(granted, grant_id, provider)
}

/** Tokens and code are of one grant: when the code is used twice, the tokens are revoked with the rest. */
async function issueWithTokens(
  granted: Authorization,
  grant_id: string,
  provider: Provider,
): Promise<Record<string, string>> {
  const { response_type } = granted.authorization
  const { returns } = response_type
  const grant = await createFrontChannelGrant(granted, grant_id, provider)
  const issued = {
    // The token may turn out to be impossible: the code comes after it.
    ...(returns.has('token') && (await issueFrontChannelToken(grant, response_type, provider))),
    ...(returns.has('code') && { code: await issueCode(granted, grant_id, provider) }),
  }
  if (!returns.has('id_token')) return issued
  return { ...issued, id_token: await signIdToken(grant, grant.authorization, issued, provider) }
}

async function issueCode(
  { authorization, session, scope, description }: Authorization,
  grant_id: string,
  provider: Provider,
): Promise<string> {
  const { authorizationCodes, now } = provider
  const { client, target, resource, code_challenge, nonce } = authorization
  const claims = selectGrantedClaims(authorization, scope)
  return authorizationCodes.issue(
    {
      redirect_uri: target.redirect_uri,
      scope,
      login: describeLogin(session),
      ...(resource !== undefined && { resource }),
      ...(description !== undefined && { description }),
      ...(code_challenge !== undefined && { code_challenge }),
      ...(nonce !== undefined && { nonce }),
      ...(claims !== undefined && { claims }),
    },
    {
      client_id: client.clientId,
      subject: session.sub,
      session_id: session.sid,
      grant_id,
      expires: now() + client.authorizationCodeLifetime * 1000,
    },
  )
}
