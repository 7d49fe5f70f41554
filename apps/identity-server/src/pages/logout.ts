import type { Request, Response } from 'express'

import { readForm, readQuery } from './form.ts'
import {
  type FormPage,
  notProven,
  type PageContext,
  type Problem,
  unknownButton,
} from './page-context.ts'
import { loggedOutPath } from './paths.ts'
import { sendPage } from './send-page.ts'

/**
 * Asks whether to sign out, unless the client has proven that it may ask for it: a link to this page on
 * another site must not sign anyone out.
 *
 * @see {@link https://openid.net/specs/openid-connect-rpinitiated-1_0.html#RPLogout OIDC RP-Initiated Logout §2}
 */
export function logoutPage({ interaction, csrf, findViewer }: PageContext): FormPage {
  async function show(req: Request, res: Response) {
    const logoutId = readQuery(req, 'logoutId')
    const session = await interaction.getSession(req)
    const { showSignoutPrompt } = await interaction.getLogoutContext(req, logoutId)
    if (session !== undefined && showSignoutPrompt) return send(req, res, logoutId)
    if (isAhead(req)) return res.status(403).end()
    await signOut(req, res, logoutId)
  }

  async function submit(req: Request, res: Response) {
    const form = readForm(req)
    const logoutId = form.get('logoutId') || undefined
    if (!csrf.isProven(req, form)) return send(req, res, logoutId, notProven)
    if (form.get('button') !== 'yes') return send(req, res, logoutId, unknownButton)
    await signOut(req, res, logoutId)
  }

  async function signOut(req: Request, res: Response, logoutId: string | undefined) {
    res.redirect(303, loggedOutPath(await interaction.signOut(req, res, logoutId)))
  }

  async function send(
    req: Request,
    res: Response,
    logoutId: string | undefined,
    problem?: Problem,
  ) {
    const viewer = await findViewer(req)
    const { clientName, clientId } = await interaction.getLogoutContext(req, logoutId)
    sendPage(req, res, {
      title: problem === undefined ? 'Sign out' : 'Error: Sign out',
      template: new URL('./logout.eta', import.meta.url),
      viewer,
      status: problem?.status ?? 200,
      model: {
        problem,
        logoutId: logoutId ?? '',
        application: clientName ?? clientId,
        name: viewer?.name,
        csrf: csrf.issueToken(req, res),
      },
    })
  }

  return { show, submit }
}

/**
 * Whether the browser only looks ahead, by a prefetch or a HEAD, which Express answers as it does the GET:
 * nobody has gone here yet.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc9110.html#section-9.2.1 RFC 9110 §9.2.1}
 */
function isAhead(req: Request): boolean {
  return req.method === 'HEAD' || (req.get('Sec-Purpose')?.startsWith('prefetch') ?? false)
}
