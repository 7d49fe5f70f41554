import type { Request, Response } from 'express'

import { sendReturnUrlError } from './error.ts'
import { readForm, readQuery } from './form.ts'
import {
  type FormPage,
  notProven,
  type PageContext,
  type Problem,
  unknownButton,
} from './page-context.ts'
import { paths } from './paths.ts'
import { admitFormRedirect } from './security-headers.ts'
import { sendPage } from './send-page.ts'

/** What is in the form. A password is never sent back. */
interface Fields {
  readonly returnUrl: string
  readonly username: string
  readonly rememberLogin: boolean
}

/** The same words whether it is the name or the password that is wrong. */
const wrongCredentials: Problem = {
  status: 400,
  text: 'The user name or the password is wrong.',
  fields: ['username', 'password'],
}

/**
 * The sign-in page, with or without an authorization request that waits behind `returnUrl`. Whoever
 * cancels is sent back to the client with `access_denied`.
 *
 * @see {@link https://openid.net/specs/openid-connect-core-1_0.html#Authenticates OIDC Core §3.1.2.3}
 * @see {@link https://www.rfc-editor.org/rfc/rfc9700.html#section-4.12 RFC 9700 §4.12} (why 303)
 */
export function loginPage(context: PageContext): FormPage {
  const { interaction, accounts, csrf, throttle } = context

  async function show(req: Request, res: Response) {
    const returnUrl = readQuery(req, 'returnUrl') ?? paths.home
    if (!(await interaction.isValidReturnUrl(returnUrl)))
      return refuseReturnUrl(req, res, returnUrl)
    const request = await interaction.getAuthorizationContext(returnUrl)
    await send(req, res, { returnUrl, username: request?.loginHint ?? '', rememberLogin: false })
  }

  async function submit(req: Request, res: Response) {
    const form = readForm(req)
    const fields = readFields(form)
    const { returnUrl } = fields
    if (!(await interaction.isValidReturnUrl(returnUrl)))
      return refuseReturnUrl(req, res, returnUrl)
    if (!csrf.isProven(req, form)) return send(req, res, fields, notProven)

    const button = form.get('button')
    if (button === 'cancel') return res.redirect(303, await cancel(returnUrl))
    if (button !== 'login') return send(req, res, fields, unknownButton)

    const problem = await signIn(req, res, fields, form.get('password') ?? '')
    if (problem !== undefined) return send(req, res, fields, problem)
    res.redirect(303, returnUrl)
  }

  /** The Back button leads here too, after the sign-in: nothing is wrong then. */
  async function refuseReturnUrl(req: Request, res: Response, returnUrl: string) {
    const viewer = await context.findViewer(req)
    if (viewer === undefined || !isAuthorizationRequest(returnUrl))
      return sendReturnUrlError(req, res, context)
    sendPage(req, res, {
      title: 'You are signed in',
      template: new URL('./login-answered.eta', import.meta.url),
      viewer,
      status: 400,
      model: { name: viewer.name },
    })
  }

  async function cancel(returnUrl: string): Promise<string> {
    const request = await interaction.getAuthorizationContext(returnUrl)
    if (request === undefined) return paths.home
    await interaction.denyAuthorization(returnUrl)
    return returnUrl
  }

  async function signIn(
    req: Request,
    res: Response,
    { username, rememberLogin }: Fields,
    password: string,
  ): Promise<Problem | undefined> {
    if (username === '' || password === '') return requireFields({ username, password })
    const address = req.ip ?? ''
    const wait = await throttle.count(username, address)
    if (wait > 0) return tooManyAttempts(res, wait)
    const account = await accounts.findByCredentials(username, password)
    if (account === undefined) return wrongCredentials
    await throttle.forgive(username, address)
    await interaction.signIn(req, res, { sub: account.sub, amr: ['pwd'], remember: rememberLogin })
    return undefined
  }

  async function send(req: Request, res: Response, fields: Fields, problem?: Problem) {
    const request = await interaction.getAuthorizationContext(fields.returnUrl)
    if (request !== undefined) admitFormRedirect(res, request.responseOrigin)
    sendPage(req, res, {
      title: problem === undefined ? 'Sign in' : 'Error: Sign in',
      template: new URL('./login.eta', import.meta.url),
      viewer: await context.findViewer(req),
      status: problem?.status ?? 200,
      model: {
        ...fields,
        problem,
        application: request && (request.client.clientName ?? request.client.clientId),
        hintedUsers: context.hintedUsers,
        csrf: csrf.issueToken(req, res),
      },
    })
  }

  return { show, submit }
}

/** Whether a request waits there, or did. An issuer with a path has that in front. */
function isAuthorizationRequest(returnUrl: string): boolean {
  return /^(\/[\w.~-]+)*\/connect\/authorize\/callback\?/.test(returnUrl)
}

function readFields(form: URLSearchParams): Fields {
  return {
    returnUrl: form.get('returnUrl') || paths.home,
    username: form.get('username')?.trim() ?? '',
    rememberLogin: form.get('rememberLogin') === 'true',
  }
}

function requireFields(fields: Readonly<Record<string, string>>): Problem {
  const missing = Object.keys(fields).filter((name) => fields[name] === '')
  const names = missing.map((name) => (name === 'username' ? 'your user name' : 'your password'))
  return { status: 400, text: `Please enter ${names.join(' and ')}.`, fields: missing }
}

/** @param wait Milliseconds. */
function tooManyAttempts(res: Response, wait: number): Problem {
  res.set('Retry-After', String(Math.ceil(wait / 1000)))
  const minutes = Math.ceil(wait / 60_000)
  return {
    status: 429,
    text: `Signing in failed too often. Please try again in ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}.`,
    fields: [],
  }
}
