import type { Request, Response } from 'express'
import { decodeJwt } from 'jose'

import type { Context } from '../context.ts'
import { readSignIn } from '../sessions/sign-in.ts'
import { endSession } from './end-session.ts'

/**
 * Ends the browser's session when a page of the provider, where the user signs out, has this address in a
 * frame. Any site can do the same: so `iss` and `sid` have to be those of the session's ID Token, and a
 * stranger does not know the `sid`. Whatever comes of it, the answer is the same.
 *
 * The browser has to send the cookie along. Within one site it does; from a frame in a page of another site
 * it does not (`SameSite=Lax`), and nothing ends: then only back-channel logout reaches the app.
 *
 * @see {@link https://openid.net/specs/openid-connect-frontchannel-1_0.html#RPLogout Front-Channel Logout §2}
 * @see {@link https://openid.net/specs/openid-connect-frontchannel-1_0.html#ThirdPartyContent Front-Channel Logout §4.1}
 */
export async function frontChannelLogout(
  context: Context,
  req: Request,
  res: Response,
): Promise<void> {
  if (await isAboutThisSession(context, req)) await endSession(context, req, res)
  // The app's own pages are in nobody's frame. This one is in the provider's, and shows nothing.
  res.removeHeader('X-Frame-Options')
  const policy = `default-src 'none'; frame-ancestors ${context.issuer.origin}`
  res.set('Content-Security-Policy', policy).type('html').send(page)
}

async function isAboutThisSession(context: Context, req: Request): Promise<boolean> {
  // Express answers a HEAD, which must change nothing, from the route of the GET.
  if (req.method !== 'GET') return false
  const signIn = readSignIn(req, context.now())
  const record = signIn && (await context.tokenStore.get(signIn.id))
  if (record === undefined) return false
  const { iss, sid } = decodeJwt(record.tokens.id_token)
  return sid !== undefined && req.query.iss === iss && req.query.sid === sid
}

const page = '<!doctype html><html lang="en"><title>Logout</title></html>\n'
