import type { Sending } from './diagram-senders.ts'
import { pageScript, provider, servicePage } from './source.ts'

const spa = 'spa-implicit'
const validateIdToken = pageScript('id-token.js', 'validateIdToken')

/** What sends a request of the browser: a script, a form, a link or a frame of the page that it shows. */
export const sentByPages: readonly Sending[] = [
  // The page of spa-implicit
  {
    request: 'GET /.well-known/openid-configuration',
    onPageOf: spa,
    isFetch: true,
    ...pageScript('discovery.js', 'discover'),
  },
  {
    request: 'GET /connect/authorize',
    onPageOf: spa,
    says: 'response_type=id_token token',
    ...pageScript('implicit.js', 'signIn'),
  },
  { request: 'GET /connect/authorize', onPageOf: spa, ...pageScript('code.js', 'signIn') },
  {
    request: 'POST /connect/token',
    onPageOf: spa,
    isFetch: true,
    answerReadBy: validateIdToken,
    ...pageScript('tokens.js', 'requestTokens'),
  },
  {
    request: 'GET /.well-known/openid-configuration/jwks',
    onPageOf: spa,
    isFetch: true,
    ...validateIdToken,
  },
  {
    request: 'GET /connect/checksession',
    onPageOf: spa,
    ...pageScript('session-monitor.js', 'monitorSession'),
  },
  {
    request: 'GET /identity',
    onPageOf: spa,
    isFetch: true,
    ...pageScript('protected-resource.js', 'callApi'),
  },

  // The pages of the token service: what their forms, links and frames lead to
  { request: 'POST /account/login', ...servicePage('login.ts', 'loginPage') },
  { request: 'POST /account/logout', ...servicePage('logout.ts', 'logoutPage') },
  {
    request: 'POST /signin-oidc',
    ...provider('authorization-response/form-post.ts', 'formPostPage'),
  },
  { request: 'GET /connect/endsession/callback', ...servicePage('logged-out.ts', 'loggedOutPage') },
  { request: 'GET /signout-callback-oidc', ...servicePage('logged-out.ts', 'loggedOutPage') },
  {
    request: 'GET /signout-oidc',
    ...provider('endpoints/end-session-callback.ts', 'endSessionCallback'),
  },
]
