import type { Request, Response } from 'express'

import { readCookies } from './read-cookies.ts'

/** What a page says once, after something was done. */
const texts = {
  'signed-out': 'The other browser is signed out.',
  'taken-back': 'The access is taken back.',
} as const

export type NoticeName = keyof typeof texts

/** One sentence for the page that the browser opens next. */
export interface Notice {
  leave(res: Response, name: NoticeName): void
  /** The sentence that was left, if any. It is not there a second time. */
  take(req: Request, res: Response): string | undefined
}

/** Milliseconds: for a browser that does not come for it. */
const lifetime = 60_000

/**
 * Keeps what is to be said in a cookie, and not in the address, where a reload would say it again and a
 * link of anybody's could say what was not done. Its value is a name out of a fixed list.
 *
 * @param isHttps Whether the cookie can insist on https. It then has a name that no other host can set.
 * @see {@link https://www.rfc-editor.org/rfc/rfc6265.html#section-4.1.2 RFC 6265 §4.1.2}
 */
export function createNotice(isHttps: boolean): Notice {
  const cookie = `${isHttps ? '__Host-' : ''}identity-server.notice`
  const options = { httpOnly: true, sameSite: 'strict', secure: isHttps, path: '/' } as const

  return {
    leave(res, name) {
      res.cookie(cookie, name, { ...options, maxAge: lifetime })
    },

    take(req, res) {
      const left = readCookies(req).find(({ name }) => name === cookie)?.value
      if (left === undefined) return undefined
      res.clearCookie(cookie, options)
      return Object.hasOwn(texts, left) ? texts[left as NoticeName] : undefined
    },
  }
}
