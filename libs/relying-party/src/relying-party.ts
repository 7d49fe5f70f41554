import {
  type ErrorRequestHandler,
  type Request,
  type RequestHandler,
  type Response,
  Router,
} from 'express'
import session from 'express-session'
import type { Configuration } from 'openid-client'

import { createContext, type SignOutListener } from './context.ts'
import { isDeliberate, isNavigation } from './fetch-metadata.ts'
import { localPath } from './local-path.ts'
import { answering, answerProblem } from './problems/answer-problem.ts'
import { ProblemError } from './problems/problem.ts'
import { regenerateSession } from './sessions/session-steps.ts'
import { readSignIn, type UserSession } from './sessions/sign-in.ts'
import { type RelyingPartyOptions, readSettings } from './settings.ts'
import { beginSignIn } from './sign-in/begin-sign-in.ts'
import { completeSignIn } from './sign-in/complete-sign-in.ts'
import { beginSignOut } from './sign-out/begin-sign-out.ts'
import { completeSignOut } from './sign-out/complete-sign-out.ts'
import { endTokens } from './sign-out/end-tokens.ts'
import { frontChannelLogout } from './sign-out/front-channel-logout.ts'
import type { TokenStore } from './tokens/token-store.ts'

export interface RelyingParty {
  /** As configured. */
  readonly issuer: string
  readonly clientId: string
  /** How long one request to the provider may take. */
  readonly timeoutSeconds: number
  /** Sessions, and the addresses the provider sends browsers back to. Comes before everything below. */
  readonly routes: RequestHandler
  /**
   * Lets signed-in users pass and sends others to the provider, to come back afterwards. What cannot be
   * sent, such as a form or a script's `fetch`, is answered with 401. Nothing behind it is cached.
   */
  readonly required: RequestHandler
  /**
   * Lets pass what the user meant to do, for a link that changes something: a request of another site, or
   * one made in advance, gets a page with 403 to go on from.
   */
  readonly deliberate: RequestHandler
  /** Who is signed in, with tokens. Throws for a request that {@link required} has not let in. */
  readonly session: (req: Request) => UserSession
  /** Whether someone is signed in, for pages that are open to all. */
  readonly isSignedIn: (req: Request) => boolean
  /** Signs out here and at the provider, and comes back to `/`. */
  readonly logout: RequestHandler
  /** Ends the session here alone, when it is of no more use: the user's next request signs in again. */
  readonly endSession: (req: Request) => Promise<void>
  /**
   * Registers what is done with the tokens of a session that is signed out of, here or by the provider. A
   * user who signs out waits for it, a second at most; if it fails, that is logged, and the sign-out goes
   * on. While nothing is registered, the refresh token is revoked.
   */
  readonly onSignOut: (listener: SignOutListener) => void
  /** Turns errors of openid-client in the app's own routes into pages: the last of the app's handlers. */
  readonly problems: ErrorRequestHandler
  /** The provider as discovered, for the app's own requests to it. Rejects while there is none. */
  readonly provider: () => Promise<Configuration>
  /** The tokens of every session, for whoever refreshes them. */
  readonly tokens: TokenStore
  /** Finishes what goes on behind the last answers, and closes what is held open. */
  readonly close: () => Promise<void>
}

/**
 * Signs users in to an Express app by OpenID Connect, with the authorization code flow unless told otherwise,
 * and out again.
 *
 * Nothing is asked of the provider before the first user comes. While it is down, who is signed in does
 * not notice, and who needs it gets a page with 503 and `Retry-After`. But once its metadata is known,
 * browsers are sent to it to sign in without asking whether it is there.
 *
 * @throws {TypeError} for an option that cannot work.
 * @throws {Error} a sentence, when the files in the data folder cannot be used.
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#CodeFlowSteps OIDC Core §3.1.1}
 */
export function relyingParty(options: RelyingPartyOptions): RelyingParty {
  const settings = readSettings(options)
  const { cookieName, cookie, sessionSecret, sessionStorage, now } = settings
  const context = createContext(settings)
  const users = new WeakMap<Request, UserSession>()
  const admitted = new WeakSet<Request>()
  const answer = answerProblem(settings, (req) => req.session !== undefined && isSignedIn(req))

  const routes = Router()
  // Before there are sessions: the provider itself comes, which has no cookie and needs none.
  if (settings.backChannelLogout !== undefined)
    routes.all('/backchannel-logout', settings.backChannelLogout(context))
  routes.use(
    session({
      name: cookieName,
      secret: sessionSecret,
      store: sessionStorage.sessions,
      cookie,
      resave: false,
      saveUninitialized: false,
    }),
  )
  routes.use(async (req, _res, next) => {
    const user = await findSession(req)
    if (user !== undefined) users.set(req, user)
    next()
  })
  routes.all(
    '/signin-oidc',
    answering(answer, (req, res) => completeSignIn(context, req, res)),
  )
  routes.get(
    '/signout-callback-oidc',
    answering(answer, (req, res) => completeSignOut(context, req, res)),
  )
  routes.get(
    '/signout-oidc',
    answering(answer, (req, res) => frontChannelLogout(context, req, res)),
  )

  async function findSession(req: Request): Promise<UserSession | undefined> {
    const signIn = readSignIn(req, now())
    const record = signIn && (await sessionStorage.tokens.get(signIn.id))
    return record && { ...signIn, ...record }
  }

  /** A session whose tokens are gone has ended, though its cookie has not. */
  function isSignedIn(req: Request): boolean {
    const signIn = readSignIn(req, now())
    return signIn !== undefined && users.get(req)?.id === signIn.id
  }

  const signIn = answering(answer, (req, res) => beginSignIn(context, req, res))

  return {
    issuer: options.issuer,
    clientId: settings.clientId,
    timeoutSeconds: settings.timeoutSeconds,
    routes,
    async required(req, res, next) {
      res.set('Cache-Control', 'no-store')
      if (isSignedIn(req)) {
        admitted.add(req)
        next()
      } else if (isNavigation(req)) await signIn(req, res, next)
      else refuse(res, cookieName)
    },
    async deliberate(req, res, next) {
      if (isDeliberate(req)) next()
      else await answer(new ProblemError(confirmation(req)), req, res, next)
    },
    session(req) {
      const user = users.get(req)
      if (user === undefined || !admitted.has(req))
        throw new Error('no sign-in was required on this route')
      return user
    },
    isSignedIn,
    logout: answering(answer, (req, res) => beginSignOut(context, req, res)),
    async endSession(req) {
      await endTokens(context, readSignIn(req, now()))
      await regenerateSession(req)
    },
    onSignOut(listener) {
      context.signOutListeners.push(listener)
    },
    problems: answer,
    provider: context.provider,
    tokens: sessionStorage.tokens,
    async close() {
      await context.settled()
      sessionStorage.close()
    },
  }
}

function confirmation(req: Request) {
  return {
    status: 403,
    title: 'Do you want to go on?',
    message: 'You did not come here from a page of this application, so nothing was done yet.',
    action: { text: 'Go on', href: localPath(req.originalUrl) },
  }
}

/**
 * HTTP wants a challenge with every 401, and has none for a cookie. Clients ignore one they do not know.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc9110.html#section-15.5.2 RFC 9110 §15.5.2}
 */
function refuse(res: Response, cookieName: string): void {
  res.status(401).set('WWW-Authenticate', `Cookie cookie-name="${cookieName}"`).end()
}
