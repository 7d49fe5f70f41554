import { core, type Meaning, openid, rfc } from './specification.ts'

const logout = 'openid-connect-rpinitiated-1_0.html#RPLogout'
const providerMetadata = 'openid-connect-discovery-1_0.html#ProviderMetadata'

/** What the parameters of requests and responses say. */
export const parameters: Readonly<Record<string, Meaning>> = {
  client_id: rfc(6749, '2.2', 'Who is asking: the name the application is registered by.'),
  client_secret: rfc(6749, '2.3.1', 'Proves that it is this application: both sides know it.'),
  client_assertion: rfc(
    7523,
    '2.2',
    'Proves that it is this application: a JWT that its key signed.',
  ),
  client_assertion_type: rfc(7521, '4.2', 'Which kind of assertion it is: a JWT.'),

  response_type: rfc(6749, '3.1.1', 'What is to come back through the browser.'),
  response_mode: openid(
    'oauth-v2-multiple-response-types-1_0.html#ResponseModes',
    'Multiple Response Types §2.1',
    'How it is to come back: in the query, in the fragment, or as a form.',
  ),
  redirect_uri: rfc(
    6749,
    '3.1.2',
    'Where the answer goes: one of the registered addresses, exactly.',
  ),
  scope: rfc(6749, '3.3', 'What access is asked for, or was granted.'),
  state: rfc(
    6749,
    '10.12',
    'Ties the answer to the browser that asked: no one else can slip in theirs.',
  ),
  nonce: core(
    'IDToken',
    '2',
    'Comes back inside the ID Token, which thus answers this very request.',
  ),
  prompt: core(
    'AuthRequest',
    '3.1.2.1',
    'Whether the user has to, or must not, be asked something.',
  ),
  max_age: core(
    'AuthRequest',
    '3.1.2.1',
    'How many seconds ago the user may have signed in at most.',
  ),
  login_hint: core('AuthRequest', '3.1.2.1', 'Who probably wants to sign in.'),
  acr_values: core('AuthRequest', '3.1.2.1', 'How the user should sign in, best first.'),
  ui_locales: core('AuthRequest', '3.1.2.1', 'The languages of the user, best first.'),
  display: core('AuthRequest', '3.1.2.1', 'What kind of screen the pages are shown on.'),
  claims: core('ClaimsParameter', '5.5', 'Single claims that are asked for.'),
  code_challenge: rfc(
    7636,
    '4.3',
    'The hash of a secret that only who sent this request can show later.',
  ),
  code_challenge_method: rfc(7636, '4.3', 'How the challenge is made from the verifier.'),
  code_verifier: rfc(7636, '4.5', 'The secret behind the challenge: the code is for who began.'),
  request: rfc(9101, '5', 'The whole request as a signed JWT, which nobody can change on its way.'),
  request_uri: rfc(9126, '2.2', 'Stands for a request that was pushed ahead.'),
  resource: rfc(8707, '2', 'Which API the access token is for.'),

  code: rfc(6749, '4.1.2', 'Exchanged for tokens once, soon, and by this client alone.'),
  iss: rfc(9207, '2', 'Which token service answers: no other can pass for it.'),
  session_state: openid(
    'openid-connect-session-1_0.html#CreatingUpdatingSessions',
    'OIDC Session Management §3',
    'Lets a page notice that the session at the token service has changed.',
  ),
  error: rfc(6749, '5.2', 'Why it was refused, in a word for programs.'),
  error_description: rfc(6749, '5.2', 'Why it was refused, for who develops the client.'),

  grant_type: rfc(6749, '4', 'What is exchanged for a token.'),
  refresh_token: rfc(6749, '6', 'Buys the next access token without the user.'),
  username: rfc(6749, '4.3.2', 'The user who signs in; only pages of the token service may ask.'),
  password: rfc(6749, '4.3.2', "The user's password; only pages of the token service may ask."),
  access_token: rfc(6749, '1.4', 'Opens the API for whoever holds it.'),
  token_type: rfc(6749, '7.1', 'How the token is presented.'),
  expires_in: rfc(6749, '5.1', 'For how many seconds it is good.'),
  id_token: core('IDToken', '2', 'Says who signed in, when and how. It opens nothing.'),

  token: rfc(7662, '2.1', 'The token that this is about.'),
  token_type_hint: rfc(7009, '2.1', 'Of which kind the token probably is.'),
  active: rfc(7662, '2.2', 'Whether the token is good, now, for who asks.'),

  id_token_hint: openid(logout, 'RP-Initiated Logout §2', 'Whose session it is about.'),
  logout_hint: openid(logout, 'RP-Initiated Logout §2', 'Who probably wants to sign out.'),
  post_logout_redirect_uri: openid(
    logout,
    'RP-Initiated Logout §2',
    'Where to go after signing out: one of the registered addresses, exactly.',
  ),
  logout_token: openid(
    'openid-connect-backchannel-1_0.html#LogoutToken',
    'Back-Channel Logout §2.4',
    'Says that a session has ended, signed by the token service.',
  ),

  issuer: openid(
    providerMetadata,
    'OIDC Discovery §3',
    'The name of the token service, as in its tokens.',
  ),
  jwks_uri: openid(providerMetadata, 'OIDC Discovery §3', 'Where its public keys are.'),
  authorization_endpoint: openid(providerMetadata, 'OIDC Discovery §3', 'Where users are sent to.'),
  token_endpoint: openid(providerMetadata, 'OIDC Discovery §3', 'Where grants become tokens.'),
  userinfo_endpoint: openid(
    providerMetadata,
    'OIDC Discovery §3',
    'Where claims about the user are.',
  ),
  end_session_endpoint: openid(logout, 'RP-Initiated Logout §2.1', 'Where users sign out.'),
  introspection_endpoint: rfc(8414, '2', 'Where an API asks what a token stands for.'),
  revocation_endpoint: rfc(8414, '2', 'Where a client gives a token back.'),
  pushed_authorization_request_endpoint: rfc(9126, '5', 'Where a client pushes its request ahead.'),
  keys: rfc(7517, '5.1', 'Public keys: whoever has them can check a signature, not make one.'),
}

/** What headers say that matter to the protocol, by their names in lower case. */
export const headers: Readonly<Record<string, Meaning>> = {
  authorization: rfc(
    9110,
    '11.6.2',
    'Basic shows the name and secret of a client; Bearer shows a token.',
  ),
  'www-authenticate': rfc(
    6750,
    '3',
    'How to come back: which credentials are missing, or what is wrong with them.',
  ),
  location: rfc(
    9110,
    '10.2.2',
    'Where the browser goes next, taking along what stands in the address.',
  ),
  cookie: rfc(6265, '4.2', 'What the browser was told to bring along: by it the session is found.'),
  'set-cookie': rfc(6265, '4.1', 'What the browser has to bring along from now on.'),
  'cache-control': rfc(9111, '5.2', 'Who may keep a copy: of a token, nobody.'),
  'content-security-policy': {
    sentence: 'What the page may load, and where its forms may lead.',
    section: 'CSP3 §6',
    href: 'https://www.w3.org/TR/CSP3/#csp-directives',
  },
}
