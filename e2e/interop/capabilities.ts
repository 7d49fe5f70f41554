import { basename } from 'node:path'
import { it, type TestContext } from 'node:test'

const rfc = 'https://www.rfc-editor.org/rfc'
const openid = 'https://openid.net/specs'

/** What two implementations can do together, by the section that says how, in the order of docs/interop.md. */
export const capabilities = {
  Discovery: `${openid}/openid-connect-discovery-1_0.html#ProviderConfig`,
  'Authorization code with PKCE': `${rfc}/rfc7636.html#section-4`,
  'Issuer in the response': `${rfc}/rfc9207.html#section-2`,
  'Response by form_post': `${openid}/oauth-v2-form-post-response-mode-1_0.html#FormPostResponseMode`,
  'Sign-in without a page (prompt=none)': `${openid}/openid-connect-core-1_0.html#AuthRequest`,
  'Age of the sign-in (max_age)': `${openid}/openid-connect-core-1_0.html#AuthRequest`,
  'Claims asked for singly': `${openid}/openid-connect-core-1_0.html#ClaimsParameter`,
  'Signed requests (JAR)': `${rfc}/rfc9101.html#section-4`,
  'Signed requests by reference': `${rfc}/rfc9101.html#section-5.2`,
  'Pushed requests (PAR)': `${rfc}/rfc9126.html#section-2`,
  'Signed requests, pushed': `${rfc}/rfc9126.html#section-3`,
  'Hybrid flow': `${openid}/openid-connect-core-1_0.html#HybridFlowAuth`,
  'Implicit flow': `${openid}/openid-connect-core-1_0.html#ImplicitFlowAuth`,
  'Client credentials': `${rfc}/rfc6749.html#section-4.4`,
  client_secret_basic: `${openid}/openid-connect-core-1_0.html#ClientAuthentication`,
  client_secret_post: `${openid}/openid-connect-core-1_0.html#ClientAuthentication`,
  private_key_jwt: `${openid}/openid-connect-core-1_0.html#ClientAuthentication`,
  'Public client': `${rfc}/rfc6749.html#section-2.1`,
  'Refresh tokens': `${rfc}/rfc6749.html#section-6`,
  'Resource indicators': `${rfc}/rfc8707.html#section-2`,
  Userinfo: `${openid}/openid-connect-core-1_0.html#UserInfo`,
  'JWT access tokens': `${rfc}/rfc9068.html#section-4`,
  'Opaque access tokens, introspected': `${rfc}/rfc7662.html#section-2`,
  'Signed introspection': `${rfc}/rfc9701.html#section-5`,
  Revocation: `${rfc}/rfc7009.html#section-2`,
  'Logout by the client': `${openid}/openid-connect-rpinitiated-1_0.html#RPLogout`,
  'Back-channel logout': `${openid}/openid-connect-backchannel-1_0.html#Validation`,
  'Session management': `${openid}/openid-connect-session-1_0.html#ChangeNotification`,
} as const

export type Capability = keyof typeof capabilities

/** A capability, shown by one of our packages and one that nobody here wrote. */
export interface Proof {
  readonly ours: string
  readonly theirs: string
  readonly capability: Capability
  /** The test's file, in this folder. */
  readonly file: string
}

/** What the tests of this process have proven so far. */
export const proofs: Proof[] = []

/** Declares a test: when it passes, it has proven the capabilities. */
export type Proves = (
  proven: readonly Capability[],
  title: string,
  test: (t: TestContext) => Promise<void>,
) => void

/**
 * For the tests of a pair: what they prove goes to docs/interop.md.
 *
 * @param ours The name of our package, without its scope.
 * @param theirs The name of the other's package.
 * @param path The path of the file that holds the tests.
 */
export function between(ours: string, theirs: string, path: string): Proves {
  const file = basename(path)
  return (proven, title, test) =>
    void it(title, async (t) => {
      await test(t)
      for (const capability of proven) proofs.push({ ours, theirs, capability, file })
    })
}
