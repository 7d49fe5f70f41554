import { hash, randomBytes, timingSafeEqual } from 'node:crypto'

import type { Request, Response } from 'express'

import { readCookies } from './read-cookies.ts'

/** The name of the hidden field that carries the token. */
const field = 'csrf'

/** Proof that a form was made by us, for the browser that sends it. */
export interface Csrf {
  /** The token for a form's hidden field. Gives the browser its secret, unless it has one. */
  issueToken(req: Request, res: Response): string
  /** Whether a form carries the token of the browser that sent it. */
  isProven(req: Request, form: URLSearchParams): boolean
}

/**
 * Keeps other sites from sending our forms in a user's name. The browser keeps a random secret in a
 * cookie, and each form carries the secret's hash: whoever made the form has seen a page of ours in
 * this browser. Nothing is stored, so a restart breaks no form, nor does a second tab. Tabs that a
 * browser opens at the same moment are each given a secret, under names of their own, and all are good.
 *
 * @param isHttps Whether the cookie can insist on https. It then has a name that no other host can set.
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-10.12 RFC 6749 §10.12}
 * @see {@link https://www.rfc-editor.org/rfc/rfc6265.html#section-8.6 RFC 6265 §8.6}
 */
export function createCsrf(isHttps: boolean): Csrf {
  const prefix = `${isHttps ? '__Host-' : ''}identity-server.csrf.`

  return {
    issueToken(req, res) {
      const [known] = readSecrets(req, prefix)
      if (known !== undefined) return createToken(known).toString('base64url')
      const name = prefix + randomBytes(6).toString('base64url')
      const secret = randomBytes(32).toString('base64url')
      res.cookie(name, secret, { httpOnly: true, sameSite: 'lax', secure: isHttps, path: '/' })
      return createToken(secret).toString('base64url')
    },

    isProven(req, form) {
      // Cookies know no ports: a neighbour on this host could have set ours. The browser says so.
      if (['cross-site', 'same-site'].includes(req.get('Sec-Fetch-Site') ?? '')) return false
      const actual = Buffer.from(form.get(field) ?? '', 'base64url')
      return readSecrets(req, prefix).map(createToken).some(isEqualTo(actual))
    },
  }
}

function createToken(secret: string): Buffer {
  return hash('sha256', secret, 'buffer')
}

function isEqualTo(actual: Buffer): (expected: Buffer) => boolean {
  return (expected) => actual.length === expected.length && timingSafeEqual(actual, expected)
}

function readSecrets(req: Request, prefix: string): string[] {
  return readCookies(req)
    .filter(({ name }) => name.startsWith(prefix))
    .map(({ value }) => value)
    .filter((value) => /^[\w-]{43}$/.test(value))
}
