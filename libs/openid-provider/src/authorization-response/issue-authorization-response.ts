import type { AuthorizationRequest } from '../authorization-request/authorization-request.ts'
import type { Provider } from '../configuration.ts'
import type { AuthenticatedUser } from '../model/authenticated-user.ts'
import type { LoginSession } from '../sessions/login-session.ts'
import type { Decision } from '../sessions/required-interaction.ts'
import { rememberSessionClient } from '../sessions/session-clients.ts'
import { createHandle } from '../stores/handles.ts'
import { selectGrantedClaims } from './granted-claims.ts'

/** What the user granted, by the session they are in. */
export interface Authorization extends Decision {
  readonly authorization: AuthorizationRequest
}

/**
 * Issues what the client asked for, to be sent to it: a code that stands for what was granted.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-4.1.2 RFC 6749 §4.1.2}
 */
export async function issueAuthorizationResponse(
  granted: Authorization,
  provider: Provider,
): Promise<Record<string, string>> {
  const { clientId } = granted.authorization.client
  await rememberSessionClient(granted.session, clientId, provider)
  provider.events.raise('authorizationGranted', {
    client_id: clientId,
    sub: granted.session.sub,
    scope: granted.scope.join(' '),
  })
  return { code: await issueCode(granted, provider) }
}

async function issueCode(
  { authorization, session, scope, description }: Authorization,
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
      grant_id: createHandle(),
      expires: now() + client.authorizationCodeLifetime * 1000,
    },
  )
}

function describeLogin({ sub, sid, authTime, amr, idp }: LoginSession): AuthenticatedUser {
  return { sub, sid, auth_time: Math.floor(authTime / 1000), amr, idp }
}
