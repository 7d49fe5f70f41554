import type { UserGrant } from '@basics/openid-provider'
import type { Request, Response } from 'express'

import { describeAccess } from './describe-access.ts'
import { readForm } from './form.ts'
import { type FormPage, notProven, type PageContext, type Problem } from './page-context.ts'
import { paths, signInPath } from './paths.ts'
import { sendPage } from './send-page.ts'
import { readWebUrl } from './web-url.ts'

const date = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' })

/**
 * Shows what the user allowed each application, and takes it back: the consent, and the tokens that
 * were issued on it.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc6749.html#section-10.3 RFC 6749 §10.3}
 */
export function grantsPage({ interaction, csrf, findViewer }: PageContext): FormPage {
  async function show(req: Request, res: Response) {
    await send(req, res)
  }

  async function submit(req: Request, res: Response) {
    const form = readForm(req)
    if (!csrf.isProven(req, form)) return send(req, res, notProven)
    if ((await interaction.getSession(req)) === undefined)
      return res.redirect(303, signInPath(paths.grants))
    await interaction.revokeGrants(req, form.get('clientId') ?? '')
    res.redirect(303, paths.grants)
  }

  async function send(req: Request, res: Response, problem?: Problem) {
    const viewer = await findViewer(req)
    if (viewer === undefined) return res.redirect(303, signInPath(paths.grants))
    const grants = await interaction.getGrants(req)
    sendPage(req, res, {
      title: problem === undefined ? 'Grants' : 'Error: Grants',
      template: new URL('./grants.eta', import.meta.url),
      viewer,
      status: problem?.status ?? 200,
      model: { problem, grants: grants.map(describeGrant), csrf: csrf.issueToken(req, res) },
    })
  }

  return { show, submit }
}

function describeGrant(grant: UserGrant) {
  return {
    clientId: grant.clientId,
    application: grant.clientName ?? grant.clientId,
    clientUrl: readWebUrl(grant.clientUri),
    logoUrl: grant.logoUri,
    description: grant.description,
    created: describeDate(grant.created),
    expires: grant.expires === undefined ? undefined : describeDate(grant.expires),
    groups: describeAccess(grant),
  }
}

/** @param time Milliseconds since the epoch. */
function describeDate(time: number): { iso: string; text: string } {
  return { iso: new Date(time).toISOString().slice(0, 10), text: date.format(time) }
}
