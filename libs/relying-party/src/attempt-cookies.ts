import { hkdfSync } from 'node:crypto'

import type { CookieOptions, Request, Response } from 'express'
import { EncryptJWT, jwtDecrypt } from 'jose'

export interface AttemptCookies<Attempt> {
  /** Sends the attempt to the browser, to come back with the answer that has the same state. */
  keep(req: Request, res: Response, state: string, attempt: Attempt): Promise<void>
  /**
   * The attempt that this browser made with this state, undefined if none, or if it is too old. The browser
   * is told to forget it, and whoever keeps a copy can come again: what is good for one use is the code.
   */
  take(req: Request, res: Response, state: string): Promise<Attempt | undefined>
}

export interface AttemptCookiesOptions {
  /** Of the cookies: each has the attempt's state appended. */
  readonly name: string
  readonly cookie: CookieOptions
  readonly secret: string
  /** Seconds since the epoch. */
  readonly now: () => number
}

/** Seconds an attempt lives. */
const lifetime = 15 * 60
/** How many of one browser are kept. The cookies go with every request, which must not grow for ever. */
const atMost = 5
/** As openid-client makes a state. Others are not ours, and not every text can be part of a cookie's name. */
const stateForm = /^[\w-]{43}$/

/**
 * Remembers what was sent off to the provider until the answer comes: a cookie for each attempt, sealed,
 * and named after its state. So an answer counts only in the browser that asked for it, tabs that start
 * at the same moment do not overwrite each other's attempt, as they would in one session, and visitors
 * who never sign in leave nothing behind here.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc9700.html#section-4.7.1 RFC 9700 §4.7.1}
 */
export function attemptCookies<Attempt>(options: AttemptCookiesOptions): AttemptCookies<Attempt> {
  const { name, cookie, secret, now } = options
  const key = new Uint8Array(hkdfSync('sha256', secret, '', `attempt cookies: ${name}`, 32))
  const prefix = `${name}.`

  return {
    async keep(req, res, state, attempt) {
      const cookies = [...readCookies(req).keys()].filter(
        (other) => other.startsWith(prefix) && stateForm.test(other.slice(prefix.length)),
      )
      // Browsers send the oldest first.
      for (const old of cookies.slice(0, Math.max(0, cookies.length - atMost + 1)))
        res.clearCookie(old, cookie)

      const sealed = await new EncryptJWT({ attempt })
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
        .setJti(state)
        .setExpirationTime(Math.floor(now()) + lifetime)
        .encrypt(key)
      res.cookie(prefix + state, sealed, { ...cookie, maxAge: lifetime * 1000 })
    },

    async take(req, res, state) {
      const sealed = stateForm.test(state) ? readCookies(req).get(prefix + state) : undefined
      if (sealed === undefined) return undefined
      res.clearCookie(prefix + state, cookie)
      try {
        const { payload } = await jwtDecrypt(sealed, key, { currentDate: new Date(now() * 1000) })
        return payload.jti === state ? (payload.attempt as Attempt) : undefined
      } catch {
        // Expired, or sealed with a secret that is no longer ours.
        return undefined
      }
    },
  }
}

/** @see {@link https://www.rfc-editor.org/rfc/rfc6265.html#section-5.4 RFC 6265 §5.4} */
function readCookies(req: Request): ReadonlyMap<string, string> {
  const pairs = (req.headers.cookie ?? '').split(/; */)
  return new Map(
    pairs.map((pair) => {
      const equals = pair.indexOf('=')
      return [pair.slice(0, equals), pair.slice(equals + 1)]
    }),
  )
}
