import { core, type Meaning, openid, rfc } from './specification.ts'

const logoutToken = 'openid-connect-backchannel-1_0.html#LogoutToken'

/** What the claims of a JWT, and the answer of introspection, say. */
export const claims: Readonly<Record<string, Meaning>> = {
  iss: rfc(7519, '4.1.1', 'Who made and signed it.'),
  sub: rfc(7519, '4.1.2', 'Who it is about.'),
  aud: rfc(7519, '4.1.3', 'Who it is for: anyone else has to refuse it.'),
  exp: rfc(7519, '4.1.4', 'Until when it is good.'),
  nbf: rfc(7519, '4.1.5', 'From when on it is good.'),
  iat: rfc(7519, '4.1.6', 'When it was made.'),
  jti: rfc(7519, '4.1.7', 'Its own name, by which a second use is noticed.'),
  client_id: rfc(9068, '2.2', 'The application that it was issued to.'),
  scope: rfc(9068, '2.2.3', 'What it gives access to.'),
  auth_time: core('IDToken', '2', 'When the user signed in.'),
  nonce: core('IDToken', '2', 'The one of the request, so that it answers this and no other.'),
  acr: core('IDToken', '2', 'How sure the token service is of the user.'),
  amr: core('IDToken', '2', 'How the user has signed in.'),
  azp: core('IDToken', '2', 'The application it was issued to, when it is for others too.'),
  at_hash: core('CodeIDToken', '3.1.3.6', 'Ties it to the access token that came along.'),
  c_hash: core('HybridIDToken', '3.3.2.11', 'Ties it to the code that came along.'),
  name: core('StandardClaims', '5.1', "The user's full name."),
  email: core('StandardClaims', '5.1', "The user's address."),
  sid: openid(logoutToken, 'Back-Channel Logout §2.4', 'The session at the token service.'),
  events: openid(logoutToken, 'Back-Channel Logout §2.4', 'That it says: a session has ended.'),
}

/** What the header of a JWT says. */
export const joseHeader: Readonly<Record<string, Meaning>> = {
  alg: rfc(7515, '4.1.1', 'How it is signed.'),
  kid: rfc(7515, '4.1.4', 'Which of the keys it is signed with.'),
  typ: rfc(7515, '4.1.9', 'What kind of JWT it is, so that none passes for another.'),
}
