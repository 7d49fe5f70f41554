import type {
  AuthorizationContext,
  Consent,
  ErrorContext,
  Interaction,
  Login,
  LoginSession,
  LogoutContext,
  SessionSummary,
  UserGrant,
} from '@basics/openid-provider'

/** The one address behind which an authorization request waits. */
export const waiting = '/connect/authorize/callback?client_id=web&state=a%20b'

export const authorizationContext: AuthorizationContext = {
  client: { clientId: 'web', clientName: 'Photo Album', allowRememberConsent: true },
  loginHint: undefined,
  uiLocales: [],
  display: 'page',
  acrValues: [],
  idp: undefined,
  identityResources: [
    { name: 'openid', displayName: 'Your user identifier', required: true, userClaims: ['sub'] },
    {
      name: 'profile',
      displayName: 'User profile',
      description: 'Your name, picture, website and the like',
      emphasize: true,
      userClaims: ['name'],
    },
  ],
  apiScopes: [{ name: 'scope1', displayName: 'Scope 1' }, { name: 'scope2' }],
  apiResources: [{ name: 'resource1', displayName: 'Resource API', scopes: ['scope2'] }],
  offlineAccess: true,
  responseOrigin: 'https://album.example',
}

export const errorContext: ErrorContext = {
  error: 'invalid_request',
  errorDescription: 'redirect_uri is not registered',
  requestId: 'req-4711',
  clientId: 'web',
}

export const userGrant: UserGrant = {
  clientId: 'web',
  clientName: 'Photo Album',
  clientUri: 'https://album.example',
  logoUri: undefined,
  description: 'Work laptop',
  created: Date.UTC(2026, 10, 2),
  expires: undefined,
  identityResources: authorizationContext.identityResources,
  apiScopes: authorizationContext.apiScopes,
  offlineAccess: true,
}

export const sessionSummary: SessionSummary = {
  sid: 'sid-1',
  isCurrent: true,
  browser: 'Firefox on Linux',
  authTime: Date.UTC(2026, 10, 21, 12),
  expires: Date.UTC(2026, 10, 21, 22),
  remember: false,
  clients: [
    { clientId: 'web', clientName: 'Photo Album', hasBackChannelLogout: true },
    { clientId: 'other', clientName: undefined, hasBackChannelLogout: false },
  ],
}

/** What a test changes about the engine behind the pages. */
export interface FakeSetup {
  readonly request?: Partial<AuthorizationContext>
  /** The `sub` of who is signed in. */
  readonly signedIn?: string
  readonly logout?: Partial<LogoutContext>
  readonly error?: ErrorContext
  readonly grants?: readonly UserGrant[]
  readonly sessions?: readonly SessionSummary[]
}

/** What the pages told the engine, in order. */
export type Call =
  | { readonly signIn: Login }
  | { readonly signOut: string | true }
  | { readonly grantConsent: string; readonly consent: Consent }
  | { readonly denyAuthorization: string }
  | { readonly revokeGrants: string }
  | { readonly endSession: string }
  | { readonly signOutEverywhere: true }

/** An engine with one waiting request and one browser. It does nothing but remember what it was told. */
export function fakeInteraction(setup: FakeSetup = {}) {
  const calls: Call[] = []
  let session = setup.signedIn === undefined ? undefined : createSession({ sub: setup.signedIn })

  const interaction: Interaction = {
    async getAuthorizationContext(returnUrl) {
      return returnUrl === waiting ? { ...authorizationContext, ...setup.request } : undefined
    },
    async isValidReturnUrl(returnUrl) {
      return returnUrl === waiting || /^\/(?![/\\])[\w/?=-]*$/.test(returnUrl ?? '')
    },
    async getSession() {
      return session
    },
    async signIn(_req, _res, login) {
      calls.push({ signIn: login })
      session = createSession(login)
      return session
    },
    async signOut(_req, _res, logoutId) {
      calls.push({ signOut: logoutId ?? true })
      session = undefined
      return 'out&1'
    },
    async grantConsent(_req, returnUrl, consent) {
      calls.push({ grantConsent: returnUrl, consent })
    },
    async denyAuthorization(returnUrl) {
      calls.push({ denyAuthorization: returnUrl })
    },
    async getLogoutContext() {
      return {
        clientId: undefined,
        clientName: undefined,
        postLogoutRedirectUri: undefined,
        showSignoutPrompt: true,
        told: undefined,
        ...setup.logout,
      }
    },
    async getErrorContext(errorId) {
      return errorId === 'known' ? { ...errorContext, ...setup.error } : undefined
    },
    async getGrants() {
      return [...(setup.grants ?? [])]
    },
    async revokeGrants(_req, clientId) {
      calls.push({ revokeGrants: clientId })
    },
    async getSessions() {
      return [...(setup.sessions ?? [])]
    },
    async endSession(_req, sid) {
      calls.push({ endSession: sid })
    },
    async signOutEverywhere() {
      calls.push({ signOutEverywhere: true })
      session = undefined
      return 'logout-1'
    },
  }
  return { interaction, calls }
}

function createSession({
  sub,
  amr = ['pwd'],
  idp = 'local',
  remember = false,
}: Login): LoginSession {
  const authTime = Date.UTC(2026, 10, 21, 12)
  return {
    ...{ sub, sid: 'sid-1', authTime, amr, idp, remember },
    ...{ expires: authTime + 36_000_000, browserState: 'b' },
  }
}
