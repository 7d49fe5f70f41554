import {
  checkCode,
  checkIntrospection,
  checkReferenceToken,
  issuedCode,
  issuedToken,
} from './checks.ts'
import type { Growing } from './growth-rows.ts'
import { api } from './registrations.ts'
import { authorize, introspect, refresh, requestTokens, type Step } from './requests.ts'
import { authorizationRequest, signIn } from './sign-in.ts'

type Name = 'authorize' | 'introspection' | 'refresh'

const client_id = 'web-reference'
// Without `openid` no ID Token is signed, beside which a slower look-up would not show.
const scope = 'api offline_access'
const request = authorizationRequest(client_id, scope)

/** What introspection tells the API: of its own scope alone. */
const owner = { client_id, scope: 'api' }

/**
 * What one user does in one session: in every round the same session, the same grant.
 *
 * @returns the operations, and what signs the user in at a server before the first of them
 */
export function sessionOperations() {
  const sessions = new Map<string, Record<Name, Step>>()
  const operation = (
    name: Name,
    title: string,
    checks: Pick<Growing, 'check' | 'issued'>,
  ): Growing => ({
    title: `${title}; a new session → one with 100,000 tokens`,
    dominatedBy: 'the request; each look-up is by a key or an index',
    count: 6_000,
    prepare: async (issuer) => requireStep(sessions.get(issuer), name),
    ...checks,
  })
  return {
    operations: [
      operation('authorize', 'Authorize', {
        check: checkCode(client_id),
        issued: issuedCode,
      }),
      operation('introspection', 'Introspection', { check: checkIntrospection(owner) }),
      operation('refresh', 'Refresh, reference token', {
        check: checkReferenceToken(api, owner),
        issued: issuedToken,
      }),
    ],
    async openSession(issuer: string): Promise<void> {
      sessions.set(issuer, await openSession(issuer))
    },
  }
}

async function openSession(issuer: string): Promise<Record<Name, Step>> {
  const cookie = await signIn(issuer, request)
  const tokens = await requestTokens(issuer, client_id, request, cookie)
  const { access_token = '', refresh_token = '' } = tokens
  return {
    authorize: authorize(request, cookie),
    introspection: introspect(access_token, api),
    refresh: refresh(client_id, refresh_token),
  }
}

function requireStep(session: Record<Name, Step> | undefined, name: Name): Step {
  if (session === undefined) throw new Error('nobody has signed in')
  return session[name]
}
