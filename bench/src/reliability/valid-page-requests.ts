import { randomInt } from 'node:crypto'

import { bob } from './people.ts'
import { get, post, type RequestKind, rareGet, rarePost } from './request-kind.ts'
import { redirect_uri } from './token-service.ts'
import {
  endSession,
  issueOtherSession,
  openHybridSession,
  openLogin,
  openLogout,
  requestInError,
  signedIn,
  waitForUser,
} from './visit.ts'

const callback = '/connect/authorize/callback'

/** The pages of the token service, and their forms with what proves that it made them. */
export const validPageRequests: readonly RequestKind[] = [
  get(callback, [303, `Location: ${redirect_uri}?code=`], async (visit) => {
    const { searchParams } = new URL(await waitForUser(visit, 'web-client'), visit.http.url)
    return { parameters: Object.fromEntries(searchParams), headers: signedIn(visit) }
  }),
  rareGet('/connect/endsession/callback', [200, '<iframe'], async ({ http }) => ({
    parameters: { endSessionId: await endSession(http) },
  })),
  get('/account/login', [200, '<h1>Sign in</h1>'], async (visit) => ({
    parameters: { returnUrl: await waitForUser(visit, 'web-client') },
  })),
  rarePost('/account/login', [303, `Location: ${callback}?id=`], async (visit) => {
    const { browser, form } = await openLogin(visit)
    const user = { username: 'bob', password: 'bob', rememberLogin: 'true', button: 'login' }
    // From a few thousand addresses, as one is refused when it has been wrong 50 times.
    const address = `10.1.${randomInt(16)}.${randomInt(256)}`
    return {
      parameters: { ...form, ...user },
      headers: { ...signedIn({ browser }), 'X-Forwarded-For': address },
    }
  }),
  get('/consent', [200, 'consent-client-0 asks for access'], async (visit) => ({
    parameters: { returnUrl: await waitForUser(visit, 'consent-client-0') },
    headers: signedIn(visit),
  })),
  post('/consent', [303, `Location: ${callback}?id=`], async (visit) => ({
    parameters: {
      csrf: visit.csrf,
      returnUrl: await waitForUser(visit, 'consent-client-0'),
      scopes: 'openid',
      rememberConsent: 'true',
      description: 'd',
      button: 'yes',
    },
    headers: signedIn(visit),
  })),
  get('/account/logout', [200, '<h1>Sign out?</h1>'], async (visit) => {
    const { logoutId } = await openLogout(visit.browser)
    return { parameters: { logoutId }, headers: signedIn(visit) }
  }),
  rarePost('/account/logout', [303, 'Location: /account/logged-out?logoutId='], async (visit) => {
    const { browser } = await openHybridSession(visit.http, bob)
    const { csrf, logoutId } = await openLogout(browser)
    return { parameters: { csrf, logoutId, button: 'yes' }, headers: signedIn({ browser }) }
  }),
  get('/account/logged-out', [200, '<li>hybrid-client</li>'], ({ logoutId }) => ({
    parameters: { logoutId },
  })),
  get('/error', [400, '<code>unauthorized_client</code>'], async (visit) => ({
    parameters: { errorId: await requestInError(visit) },
  })),
  get('/grants', [200, 'Where you are signed in'], (visit) => ({ headers: signedIn(visit) })),
  get('/diagnostics', [200, 'Alice Smith'], (visit) => ({ headers: signedIn(visit) })),
  get('/', [200, 'Alice Smith'], (visit) => ({ headers: signedIn(visit) })),
  rarePost('/grants', [303, 'Location: /grants'], async (visit) => ({
    parameters: { csrf: visit.csrf, sid: await issueOtherSession(visit) },
    headers: signedIn(visit),
  })),
  rarePost('/grants', [303, 'Location: /account/logged-out?logoutId='], async (visit) => {
    const { browser } = await openHybridSession(visit.http, bob)
    const { csrf } = await openLogout(browser)
    return { parameters: { csrf, button: 'everywhere' }, headers: signedIn({ browser }) }
  }),
  rarePost('/grants', [303, 'Location: /grants'], (visit) => ({
    parameters: { csrf: visit.csrf, clientId: 'pushing-client' },
    headers: signedIn(visit),
  })),
]
